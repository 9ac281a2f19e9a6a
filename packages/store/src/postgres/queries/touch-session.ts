import { userQuery } from '../query.ts';

/** Notes that a session was used. */
export const touchSession = userQuery({
  sql: `update auth.session set "lastActiveAt" = $3
    where "userId" = $1 and id = $2 and ("lastActiveAt" is null or "lastActiveAt" < $3)`,
  values: (input: { id: string; nowMs: number }) => [input.id, new Date(input.nowMs)],
  read: () => undefined,
});
