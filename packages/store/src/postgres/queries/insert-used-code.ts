import { userQuery } from '../query.ts';

type UsedCode = { digest: string; nowMs: number /** How long a code is good. */; lifetimeMs: number };

/** True for exactly one use of a code while it is good. */
export const insertUsedCode = userQuery({
  sql: `insert into used_codes as t (user_id, digest, used_at) values ($1, $2, $3)
    on conflict (user_id, digest) do update set used_at = excluded.used_at where t.used_at < $4
    returning digest`,
  values: ({ digest, nowMs, lifetimeMs }: UsedCode) => [
    digest,
    new Date(nowMs),
    new Date(nowMs - lifetimeMs),
  ],
  read: (rows) => rows.length === 1,
});
