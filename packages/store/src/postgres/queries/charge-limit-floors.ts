import { installationQuery } from '../query.ts';

/**
 * Adds to what was used what servers that are gone left under way: those that are named, and those that were not seen
 * for so long, but never this one. Gives how many counts were charged.
 */
export const chargeLimitFloors = installationQuery({
  sql: `with gone as (
      delete from limit_floors where ctid = any(array(
        select f.ctid from limit_floors f
        where f.server_id <> $1 and (f.server_id = any($2) or not exists (
          select from live_servers s
          where s.id = f.server_id and s.seen_at > now() - $3 * interval '1 millisecond'
        ))
        order by f.limit_id, f.subject, f.period_start for update skip locked
      )) returning limit_id, subject, period_start, held
    ), charged as (
      insert into limit_usage (limit_id, subject, period_start, used)
      select limit_id, subject, period_start, sum(held)::bigint from gone
      group by 1, 2, 3 having sum(held) <> 0 order by 1, 2, 3
      on conflict (limit_id, subject, period_start) do update
        set used = least(limit_usage.used + excluded.used, 9007199254740991)
      returning 1
    )
    select count(*)::int count from charged`,
  values: (servers: { serverId: string; goneIds: readonly string[]; seenWithinMs: number }) => [
    servers.serverId,
    servers.goneIds,
    servers.seenWithinMs,
  ],
  read: (rows: { count: number }[]) => rows[0]?.count ?? 0,
});
