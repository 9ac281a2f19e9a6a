import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { analysisQuery } from '../../api/analysis.ts';
import { useEnvironment } from '../../api/use-environment.ts';

const ENVIRONMENTS_MAX = 50;

/** The environment that is looked at, on every page until it is changed. Absent while there is only one. */
export function EnvironmentSwitch({ project }: { project: string }) {
  const navigate = useNavigate();
  const chosen = useEnvironment();
  const { data } = useQuery({
    ...analysisQuery(project, {
      ...{ range: '30d', by: ['environment'], measures: ['calls'], order: 'calls' },
      limit: ENVIRONMENTS_MAX,
    }),
    staleTime: 300_000,
  });
  const known = (data?.groups ?? []).flatMap(({ keys }) => keys.environment || []);
  const environments = [...new Set([...known, ...(chosen === undefined ? [] : [chosen])])].sort();
  if (environments.length < 2 && chosen === undefined) return null;
  return (
    <label className="min-w-0 lg:px-2">
      <span className="sr-only">Environment</span>
      <select
        value={chosen ?? ''}
        onChange={(event) =>
          navigate({
            to: '.',
            search: (kept) => ({ ...kept, environment: event.target.value || undefined }),
          })
        }
        className="h-9 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-2 text-sm"
      >
        <option value="">All environments</option>
        {environments.map((environment) => (
          <option key={environment} value={environment}>
            {environment}
          </option>
        ))}
      </select>
    </label>
  );
}
