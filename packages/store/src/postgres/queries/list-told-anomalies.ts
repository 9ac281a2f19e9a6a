import { type AnomalyRow, anomalyColumns, readAnomaly } from '../anomaly-row.ts';
import { projectQuery } from '../query.ts';
import { type ToldFilter, toldAnomalies, toldValues } from '../told-of-user.ts';

/** A page of a project's anomalies, in the order of their ids. */
export const listToldAnomalies = projectQuery({
  sql: `select ${anomalyColumns} from anomalies where project_id = $1 and ${toldAnomalies}
      and id > $6 order by id limit $7`,
  values: ({ after, limit, ...filter }: ToldFilter & { after: string; limit: number }) => [
    ...toldValues(filter),
    after,
    limit,
  ],
  read: (rows: AnomalyRow[]) => rows.map(readAnomaly),
});
