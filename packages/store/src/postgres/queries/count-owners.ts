import { installationQuery } from '../query.ts';

/** Owners of all organizations. While it is 0 the installation waits for its set-up. */
export const countOwners = installationQuery({
  sql: `select count(*) as count from memberships where role = 'owner'`,
  values: () => [],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});
