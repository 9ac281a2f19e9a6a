import { type LimitUsage, type LimitUsageRow, usageOf } from '../limit-usage-row.ts';
import { installationQuery } from '../query.ts';

/** The newest period of every count, of those that began after `sinceMs`; in the order of their names, after `after`. */
export const listCurrentLimitUsage = installationQuery({
  sql: `select distinct on (limit_id, subject) limit_id, subject, period_start, used from limit_usage
    where period_start > $1 and (limit_id, subject) > ($2, $3)
    order by limit_id, subject, period_start desc limit $4`,
  values: (page: { sinceMs: number; after: LimitUsage | undefined; limit: number }) => [
    new Date(page.sinceMs),
    page.after?.limitId ?? '',
    page.after?.subject ?? '',
    page.limit,
  ],
  read: (rows: LimitUsageRow[]) => rows.map(usageOf),
});
