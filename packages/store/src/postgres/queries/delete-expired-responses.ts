import { installationQuery } from '../query.ts';

/** Deletes what has expired, `limit` at most, and gives how many there were. */
export const deleteExpiredResponses = installationQuery({
  sql: `delete from stored_responses where ctid = any(array(
      select ctid from stored_responses where expires_at <= $1 order by expires_at limit $2 for update skip locked
    )) returning id`,
  values: (due: { nowMs: number; limit: number }) => [new Date(due.nowMs), due.limit],
  read: (rows) => rows.length,
});
