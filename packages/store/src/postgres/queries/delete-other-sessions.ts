import { userQuery } from '../query.ts';

/** Ends all sessions of somebody but the one that is kept, if any; how many ended. */
export const deleteOtherSessions = userQuery({
  sql: 'delete from auth.session where "userId" = $1 and id is distinct from $2 returning id',
  values: (input: { keptId: string | undefined }) => [input.keptId ?? null],
  read: (rows) => rows.length,
});
