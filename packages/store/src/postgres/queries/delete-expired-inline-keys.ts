import { installationQuery } from '../query.ts';

/** Destroys the private keys that are accepted no longer; the newest generation stays, so that numbers go on. */
export const deleteExpiredInlineKeys = installationQuery({
  sql: `delete from inline_keys
    where expires_at <= $1 and generation < (select max(generation) from inline_keys)`,
  values: (input: { nowMs: number }) => [new Date(input.nowMs)],
  read: () => undefined,
});
