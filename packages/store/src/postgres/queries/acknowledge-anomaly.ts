import { type AnomalyRow, anomalyColumns, readAnomaly } from '../anomaly-row.ts';
import { projectQuery } from '../query.ts';

/** Somebody has seen it: one that is open becomes acknowledged, the first who said so stays. `undefined` when there is none. */
export const acknowledgeAnomaly = projectQuery({
  sql: `update anomalies set state = case when state = 'open' then 'acknowledged' else state end,
      acknowledged_by = coalesce(acknowledged_by, $3)
    where project_id = $1 and id = $2 returning ${anomalyColumns}`,
  values: ({ id, by }: { id: string; by: string }) => [id, by],
  read: ([row]: AnomalyRow[]) => (row === undefined ? undefined : readAnomaly(row)),
});
