import { projectQuery } from '../query.ts';

/** Notes when a project was looked at for anomalies. */
export const saveAnomalyCheck = projectQuery({
  sql: `insert into anomaly_checks (project_id, checked_at) values ($1, $2)
    on conflict (project_id) do update set checked_at = excluded.checked_at`,
  values: ({ checkedAtMs }: { checkedAtMs: number }) => [new Date(checkedAtMs)],
  read: () => undefined,
});
