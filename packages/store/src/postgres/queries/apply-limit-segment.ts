import type { LimitDelta } from '../limit-usage-row.ts';
import { installationQuery } from '../query.ts';

/** One segment of a server's journal, or what took its place when the disk refused it. */
export type LimitSegment = {
  /** Names it among all segments ever written. */
  segment: string;
  serverId: string;
  deltas: readonly LimitDelta[];
};

/**
 * Adds what a segment says, once: the same segment again changes nothing. False when it had been applied before. Rows
 * are written in one order, so that two servers cannot block each other.
 */
export const applyLimitSegment = installationQuery({
  sql: `with fresh as (
      insert into limit_journals (segment, applied_at) values ($1, now()) on conflict do nothing returning segment
    ), changed as (
      select d.limit_id, d.subject, d.period_start, sum(d.used)::bigint used, sum(d.held)::bigint held
      from fresh, unnest($3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::bigint[])
        as d (limit_id, subject, period_start, used, held)
      group by 1, 2, 3
    ), usage as (
      insert into limit_usage (limit_id, subject, period_start, used)
      select limit_id, subject, period_start, used from changed where used <> 0 order by 1, 2, 3
      on conflict (limit_id, subject, period_start) do update
        set used = least(limit_usage.used + excluded.used, 9007199254740991)
    ), floors as (
      insert into limit_floors (server_id, limit_id, subject, period_start, held)
      select $2, limit_id, subject, period_start, held from changed where held <> 0 order by 2, 3, 4
      on conflict (server_id, limit_id, subject, period_start)
        do update set held = limit_floors.held + excluded.held
    )
    select segment from fresh`,
  values: ({ segment, serverId, deltas }: LimitSegment) => [
    segment,
    serverId,
    deltas.map((delta) => delta.limitId),
    deltas.map((delta) => delta.subject),
    deltas.map((delta) => new Date(delta.periodStartMs)),
    deltas.map((delta) => delta.used),
    deltas.map((delta) => delta.held),
  ],
  read: (rows) => rows.length > 0,
});
