import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatMoney } from '../../api/format-money.ts';
import { promptsQuery } from '../../api/sessions.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';

const SHOWN = 5;

/** The prompts that cost most in 30 days; nothing where no call has one. */
export function TopPrompts() {
  const { id: project } = useProject();
  const environment = useEnvironment();
  const { data } = useInfiniteQuery(promptsQuery(project, { range: '30d', environment }));
  const prompts = (data?.pages[0]?.data ?? []).slice(0, SHOWN);
  if (prompts.length === 0) return null;
  return (
    <Card>
      <div className="flex items-baseline justify-between gap-4 px-4 pt-4 pb-2 lg:px-5">
        <h2 className="font-semibold text-base">Top prompts</h2>
        <Link to="/prompts" className="text-accent-strong text-sm underline underline-offset-4">
          All prompts
        </Link>
      </div>
      <ol className="divide-y divide-line">
        {prompts.map(({ id, name, preview, calls, cost }) => (
          <li
            key={id}
            className="relative flex items-center gap-4 px-4 py-2.5 text-sm hover:bg-sunken lg:px-5"
          >
            <Link
              to="/prompts/$promptId"
              params={{ promptId: id }}
              search={{ range: '30d' }}
              className={`min-w-0 flex-1 truncate ${ROW_LINK}`}
            >
              {name === null ? null : <bdi className="mr-2 font-medium">{name}</bdi>}
              <bdi className="text-soft">{preview}</bdi>
            </Link>
            <span className="shrink-0 text-faint text-xs tabular-nums">{formatCount(calls)} calls</span>
            <span className="w-20 shrink-0 text-right tabular-nums">{formatMoney(cost)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
