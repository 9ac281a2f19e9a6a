import type { SessionSummary } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { formatMoney } from '../../api/format-money.ts';
import { sessionsQuery } from '../../api/sessions.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';
import { When } from '../../ui/when.tsx';
import { ListPage, ListRows } from '../shell/list-page.tsx';

const route = getRouteApi('/shell/sessions');

const columns: Column<SessionSummary>[] = [
  {
    name: 'Session',
    width: 'w-64',
    cell: ({ id }) => (
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: id }}
        className={`truncate ${ROW_LINK}`}
        title={id}
      >
        <bdi>{id}</bdi>
      </Link>
    ),
  },
  { name: 'Begins with', cell: ({ input_preview: said }) => <bdi className="text-soft">{said}</bdi> },
  { name: 'User', width: 'w-40', cell: ({ users }) => <bdi>{users.join(', ')}</bdi> },
  { name: 'Calls', isNumber: true, width: 'w-32', cell: Calls },
  {
    name: 'Tokens in / out',
    isNumber: true,
    width: 'w-36',
    cell: ({ input_tokens: input, output_tokens: output }) =>
      `${formatCount(input)} / ${formatCount(output)}`,
  },
  { name: 'Cost', isNumber: true, width: 'w-24', cell: ({ cost }) => formatMoney(cost) },
  { name: 'Last call', isNumber: true, width: 'w-36', cell: ({ last_at }) => <When iso={last_at} /> },
];

function Calls({ calls, failed }: SessionSummary) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {failed === 0 ? null : <Badge tone="bad">{failed} failed</Badge>}
      {formatCount(calls)}
    </span>
  );
}

/** Conversations and runs of agents, each with all of its calls. */
export function SessionsPage() {
  const { range, search } = route.useSearch();
  const navigate = useNavigate({ from: '/sessions' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const pages = useInfiniteQuery(sessionsQuery(project, { range, search, environment }));
  const change = (changed: { range?: typeof range; search?: string | undefined }) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  return (
    <ListPage
      title="Sessions"
      about="What belongs together for your application: a conversation, a run of an agent, a ticket."
      range={range}
      onRange={(chosen) => change({ range: chosen })}
      search={{
        label: 'Search sessions',
        placeholder: 'Search session ids',
        value: search ?? '',
        onChange: (text) => change({ search: text === '' ? undefined : text }),
      }}
    >
      <ListRows
        pages={pages}
        noun="sessions"
        isSearched={search !== undefined}
        empty={
          <p>
            Name one with the header <code className="font-mono text-xs">x-tokenrouter-session</code>, or with
            a session id in your tracing SDK.
          </p>
        }
        draw={(rows) => <DataTable label="Sessions" columns={columns} rows={rows} keyOf={({ id }) => id} />}
      />
    </ListPage>
  );
}
