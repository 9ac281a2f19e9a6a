import type { PromptSummary } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { formatMoney } from '../../api/format-money.ts';
import { promptsQuery } from '../../api/sessions.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';
import { When } from '../../ui/when.tsx';
import { ListPage, ListRows } from '../shell/list-page.tsx';

const route = getRouteApi('/shell/prompts');

const columns: Column<PromptSummary>[] = [
  { name: 'Prompt', cell: PromptName },
  { name: 'Versions', isNumber: true, width: 'w-24', cell: ({ versions }) => formatCount(versions) },
  { name: 'Calls', isNumber: true, width: 'w-24', cell: ({ calls }) => formatCount(calls) },
  { name: 'Cost', isNumber: true, width: 'w-28', cell: ({ cost }) => formatMoney(cost) },
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

function PromptName({ id, name, preview }: PromptSummary) {
  return (
    <Link to="/prompts/$promptId" params={{ promptId: id }} className={ROW_LINK} title={preview}>
      {name === null ? (
        <bdi className="text-soft">{preview === '' ? id : preview}</bdi>
      ) : (
        <>
          <bdi className="font-medium">{name}</bdi> <bdi className="text-faint">{preview}</bdi>
        </>
      )}
    </Link>
  );
}

/** Prompts by what they cost. A prompt without a name is known by its system message. */
export function PromptsPage() {
  const { range, search } = route.useSearch();
  const navigate = useNavigate({ from: '/prompts' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const pages = useInfiniteQuery(promptsQuery(project, { range, search, environment }));
  const change = (changed: { range?: typeof range; search?: string | undefined }) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  return (
    <ListPage
      title="Prompts"
      about="What your application says to models again and again: by its name, or else by its system message."
      range={range}
      onRange={(chosen) => change({ range: chosen })}
      search={{
        label: 'Search prompts',
        placeholder: 'Search names',
        value: search ?? '',
        onChange: (text) => change({ search: text === '' ? undefined : text }),
      }}
    >
      <ListRows
        pages={pages}
        noun="prompts"
        isSearched={search !== undefined}
        empty={
          <p>Calls with a system message, or with a prompt name from a tracing SDK, are grouped here.</p>
        }
        draw={(rows) => <DataTable label="Prompts" columns={columns} rows={rows} keyOf={({ id }) => id} />}
      />
    </ListPage>
  );
}
