import { userQuery } from '../query.ts';

/** Ends one session of somebody; how many ended. */
export const deleteUserSession = userQuery({
  sql: 'delete from auth.session where "userId" = $1 and id = $2 returning id',
  values: (input: { id: string }) => [input.id],
  read: (rows) => rows.length,
});
