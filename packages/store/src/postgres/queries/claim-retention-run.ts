import { installationQuery } from '../query.ts';

export type RetentionRun = { name: string; nowMs: number; everyMs: number };

/** True for whoever asks first in a period; it then is that server's to do. */
export const claimRetentionRun = installationQuery({
  sql: `insert into retention_runs (name, ran_at) values ($1, $2)
    on conflict (name) do update set ran_at = excluded.ran_at
      where retention_runs.ran_at <= excluded.ran_at - $3 * interval '1 millisecond'
    returning name`,
  values: ({ name, nowMs, everyMs }: RetentionRun) => [name, new Date(nowMs), everyMs],
  read: (rows: { name: string }[]) => rows.length === 1,
});
