import { installationQuery } from '../query.ts';

/** Deletes what was used in periods that began before `beforeMs`, `limit` counts at most, and gives how many there were. */
export const deleteOldLimitUsage = installationQuery({
  sql: `delete from limit_usage where ctid = any(array(
      select ctid from limit_usage where period_start < $1 limit $2 for update skip locked
    )) returning limit_id`,
  values: (due: { beforeMs: number; limit: number }) => [new Date(due.beforeMs), due.limit],
  read: (rows) => rows.length,
});
