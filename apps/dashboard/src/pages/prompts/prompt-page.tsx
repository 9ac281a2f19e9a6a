import type { PromptDetails } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { formatMoney } from '../../api/format-money.ts';
import { promptQuery } from '../../api/sessions.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { RangeChoice } from '../../ui/range-choice.tsx';
import { ROW_LINK } from '../../ui/row-link.ts';
import { When } from '../../ui/when.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { LongText } from '../traces/long-text.tsx';
import { promptFilter } from './prompt-filter.ts';

const route = getRouteApi('/shell/prompts/$promptId');

/** One prompt and its versions, side by side in figures. */
export function PromptPage() {
  const { promptId } = route.useParams();
  const { range } = route.useSearch();
  const navigate = useNavigate({ from: '/prompts/$promptId' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const prompt = useQuery(promptQuery(project, promptId, { range, environment }));
  const { name = null } = prompt.data?.prompt ?? {};
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <Link
        to="/prompts"
        className="-mb-3 inline-flex items-center gap-1.5 self-start text-soft text-sm hover:text-text"
      >
        <ArrowLeft aria-hidden="true" className="size-4" /> Prompts
      </Link>
      <PageTitle title={name ?? 'Prompt without a name'}>
        <RangeChoice
          value={range}
          onChange={(chosen) => navigate({ search: (kept) => ({ ...kept, range: chosen }), replace: true })}
        />
      </PageTitle>
      {prompt.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {prompt.isError && prompt.data === undefined ? (
        <Failed message={prompt.error.message} onRetry={() => prompt.refetch()} />
      ) : null}
      {prompt.data === undefined ? null : <Found details={prompt.data} />}
    </div>
  );
}

function Found({ details: { prompt, versions } }: { details: PromptDetails }) {
  return (
    <>
      {prompt.preview === '' ? null : (
        <Card className="p-4">
          <LongText text={prompt.preview} className="text-sm leading-relaxed" />
        </Card>
      )}
      <DataTable
        label="Versions"
        columns={columnsFor(prompt.id)}
        rows={versions}
        keyOf={({ version, digest }) => `${version} ${digest}`}
      />
    </>
  );
}

type Version = PromptDetails['versions'][number];

const columnsFor = (promptId: string): Column<Version>[] => [
  {
    name: 'Version',
    cell: ({ version, digest, preview }) => (
      <Link
        to="/traces"
        search={{ filter: promptFilter(promptId, version) }}
        className={ROW_LINK}
        title={preview}
      >
        <bdi className="font-medium">{version === '' ? digest.slice(0, 8) : version}</bdi>{' '}
        <bdi className="text-faint">{preview}</bdi>
      </Link>
    ),
  },
  { name: 'Calls', isNumber: true, width: 'w-24', cell: ({ calls }) => formatCount(calls) },
  { name: 'Cost', isNumber: true, width: 'w-28', cell: ({ cost }) => formatMoney(cost) },
  {
    name: 'Cost per call',
    isNumber: true,
    width: 'w-32',
    cell: ({ cost, calls }) => (calls === 0 ? '–' : formatMoney({ ...cost, nanos: cost.nanos / calls })),
  },
  {
    name: 'Failed',
    isNumber: true,
    width: 'w-24',
    cell: ({ calls, failed }) => (calls === 0 ? '–' : formatShare(failed / calls)),
  },
  {
    name: 'p50 / p95',
    isNumber: true,
    width: 'w-40',
    cell: ({ latency_p50_ms: half, latency_p95_ms: most }) =>
      `${formatDuration(half)} / ${formatDuration(most)}`,
  },
  { name: 'Last call', isNumber: true, width: 'w-36', cell: ({ last_at }) => <When iso={last_at} /> },
];
