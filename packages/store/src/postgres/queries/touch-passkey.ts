import { userQuery } from '../query.ts';

/** Notes a use. False when the counter did not move on meanwhile, which two devices with the same key would do. */
export const touchPasskey = userQuery({
  sql: `update passkeys set counter = $3, last_used_at = $4
    where user_id = $1 and id = $2 and (counter < $3 or (counter = 0 and $3 = 0))
    returning id`,
  values: (use: { id: string; counter: number; nowMs: number }) => [use.id, use.counter, new Date(use.nowMs)],
  read: (rows) => rows.length === 1,
});
