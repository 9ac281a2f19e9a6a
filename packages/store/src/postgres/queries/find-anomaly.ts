import { type AnomalyRow, anomalyColumns, readAnomaly } from '../anomaly-row.ts';
import { projectQuery } from '../query.ts';

/** One anomaly of a project; `undefined` when it has no such. */
export const findAnomaly = projectQuery({
  sql: `select ${anomalyColumns} from anomalies where project_id = $1 and id = $2`,
  values: ({ id }: { id: string }) => [id],
  read: ([row]: AnomalyRow[]) => (row === undefined ? undefined : readAnomaly(row)),
});
