import { type LimitUsageRow, usageOf } from '../limit-usage-row.ts';
import { installationQuery } from '../query.ts';

/**
 * What was used of limits in the periods that began from `fromMs` on and before `untilMs`, for each limit the fullest
 * counts, `countsMax` of them. Limits are named by whoever has seen that they are the asker's own.
 */
export const listLimitUsage = installationQuery({
  sql: `select u.limit_id, u.subject, u.period_start, u.used
    from unnest($1::text[]) as l (id) cross join lateral (
      select * from limit_usage where limit_id = l.id and period_start >= $2 and period_start < $3
      order by used desc, subject, period_start desc limit $4
    ) u order by u.limit_id, u.used desc, u.subject, u.period_start desc`,
  values: (asked: { limitIds: readonly string[]; fromMs: number; untilMs: number; countsMax: number }) => [
    asked.limitIds,
    new Date(asked.fromMs),
    new Date(asked.untilMs),
    asked.countsMax,
  ],
  read: (rows: LimitUsageRow[]) => rows.map(usageOf),
});
