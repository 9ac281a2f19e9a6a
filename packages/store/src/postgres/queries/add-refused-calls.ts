import { installationQuery } from '../query.ts';

export type RefusedCalls = { minuteMs: number; calls: number };

/** Adds calls that a server refused because they had no good key, minute by minute. */
export const addRefusedCalls = installationQuery({
  sql: `insert into refused_calls (minute, server_id, calls)
    select r.minute, $1, r.calls from unnest($2::timestamptz[], $3::bigint[]) as r (minute, calls)
    on conflict (minute, server_id) do update set calls = refused_calls.calls + excluded.calls`,
  values: ({ serverId, refused }: { serverId: string; refused: readonly RefusedCalls[] }) => [
    serverId,
    refused.map((each) => new Date(each.minuteMs)),
    refused.map((each) => each.calls),
  ],
  read: () => undefined,
});
