import { type LimitUsage, type LimitUsageRow, usageOf } from '../limit-usage-row.ts';
import { installationQuery } from '../query.ts';

/** What was used of these counts; one of which nothing was used is not among them. */
export const findLimitUsage = installationQuery({
  sql: `select u.limit_id, u.subject, u.period_start, u.used
    from unnest($1::text[], $2::text[], $3::timestamptz[]) as c (limit_id, subject, period_start)
    join limit_usage u using (limit_id, subject, period_start)`,
  values: (counts: readonly Pick<LimitUsage, 'limitId' | 'subject' | 'periodStartMs'>[]) => [
    counts.map((count) => count.limitId),
    counts.map((count) => count.subject),
    counts.map((count) => new Date(count.periodStartMs)),
  ],
  read: (rows: LimitUsageRow[]) => rows.map(usageOf),
});
