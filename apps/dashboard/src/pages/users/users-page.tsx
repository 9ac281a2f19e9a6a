import type { UserSummary } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { formatMoney } from '../../api/format-money.ts';
import { usersQuery } from '../../api/sessions.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatShare } from '../../ui/format.ts';
import { ROW_LINK } from '../../ui/row-link.ts';
import { When } from '../../ui/when.tsx';
import { ListPage, ListRows } from '../shell/list-page.tsx';

const route = getRouteApi('/shell/users');

const columns: Column<UserSummary>[] = [
  {
    name: 'User',
    cell: ({ id }) => (
      <Link to="/traces" search={{ user_id: id }} className={`truncate ${ROW_LINK}`} title={id}>
        <bdi>{id}</bdi>
      </Link>
    ),
  },
  { name: 'Cost', isNumber: true, width: 'w-28', cell: ({ cost }) => formatMoney(cost) },
  { name: 'Calls', isNumber: true, width: 'w-24', cell: ({ calls }) => formatCount(calls) },
  {
    name: 'Failed',
    isNumber: true,
    width: 'w-24',
    cell: ({ calls, failed }) => (calls === 0 ? '–' : formatShare(failed / calls)),
  },
  {
    name: 'Tokens in / out',
    isNumber: true,
    width: 'w-40',
    cell: ({ input_tokens: input, output_tokens: output }) =>
      `${formatCount(input)} / ${formatCount(output)}`,
  },
  { name: 'Sessions', isNumber: true, width: 'w-24', cell: ({ sessions }) => formatCount(sessions) },
  { name: 'First call', isNumber: true, width: 'w-36', cell: ({ first_at }) => <When iso={first_at} /> },
  { name: 'Last call', isNumber: true, width: 'w-36', cell: ({ last_at }) => <When iso={last_at} /> },
];

/** The people behind the calls, as the application names them. */
export function UsersPage() {
  const { range, search } = route.useSearch();
  const navigate = useNavigate({ from: '/users' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const pages = useInfiniteQuery(usersQuery(project, { range, search, environment }));
  const change = (changed: { range?: typeof range; search?: string | undefined }) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true });
  return (
    <ListPage
      title="Users"
      about="Who your application made calls for, and what each of them cost."
      range={range}
      onRange={(chosen) => change({ range: chosen })}
      search={{
        label: 'Search users',
        placeholder: 'Search user ids',
        value: search ?? '',
        onChange: (text) => change({ search: text === '' ? undefined : text }),
      }}
    >
      <ListRows
        pages={pages}
        noun="users"
        isSearched={search !== undefined}
        empty={
          <p>
            Name them in the field <code className="font-mono text-xs">user</code> of a request, or as the
            user id in your tracing SDK.
          </p>
        }
        draw={(rows) => <DataTable label="Users" columns={columns} rows={rows} keyOf={({ id }) => id} />}
      />
    </ListPage>
  );
}
