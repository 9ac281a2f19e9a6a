import { dayOf } from '../hour-sums.ts';
import { changeRows, type Pause } from '../mutations.ts';
import type { Clickhouse, Parameters } from '../open-clickhouse.ts';

/** Hours of projects, as conditions on `project_id` and on an hour, with what is bound to them. */
export type ForgottenHours = { where: (hour: string) => string; parameters: Parameters };

/**
 * Counts hours of which spans were deleted as changed, and takes away what was added up of them: sums tell of users too. Hours
 * are added up by whoever has the lock under which spans are deleted, so nobody does that meanwhile.
 */
export function forgetHours(clickhouse: Clickhouse, pause: Pause) {
  const change = changeRows(clickhouse, pause);
  return async ({ where, parameters }: ForgottenHours): Promise<void> => {
    await clickhouse.write(changedSql(where('hour')), parameters);
    const days = daysSql(where('hour'));
    await change('day_builds', {
      sql: `ALTER TABLE day_builds DELETE WHERE (project_id, ${dayOf('day')}) IN (${days})`,
      parameters,
    });
    await change('day_sums', {
      sql: `ALTER TABLE day_sums DELETE WHERE (project_id, ${dayOf('at')}) IN (${days})`,
      parameters,
    });
    await change('hour_sums', {
      sql: `ALTER TABLE hour_sums DELETE WHERE ${where('toStartOfHour(at)')}`,
      parameters,
    });
  };
}

/** The days of these hours: what was added up of them tells of the same spans. */
const daysSql = (where: string) =>
  `SELECT project_id, ${dayOf('hour')} AS day_s FROM hour_changes WHERE ${where}`;

const changedSql = (where: string) => `INSERT INTO hour_changes (project_id, hour, changes, last_at)
  SELECT project_id, hour, 1, now64(3, 'UTC') FROM hour_changes WHERE ${where}
  GROUP BY project_id, hour LIMIT 100000000`;
