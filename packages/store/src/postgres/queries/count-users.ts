import { installationQuery } from '../query.ts';

/** Accounts of the sign-in library, whose table must exist. */
export const countUsers = installationQuery({
  sql: 'select count(*) as count from auth."user"',
  values: () => [],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});
