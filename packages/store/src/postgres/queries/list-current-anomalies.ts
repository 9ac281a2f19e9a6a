import { type AnomalyRow, anomalyColumns, readAnomaly } from '../anomaly-row.ts';
import { organizationQuery } from '../query.ts';

/** What of an organization, or of one of its projects, is not over; worst first, at most 1,000. */
export const listCurrentAnomalies = organizationQuery({
  sql: `select ${anomalyColumns} from anomalies
    where organization_id = $1 and state <> 'over' and ($2::text is null or project_id = $2)
    order by abs(score) desc, id limit 1000`,
  values: ({ projectId }: { projectId: string | undefined }) => [projectId],
  read: (rows: AnomalyRow[]) => rows.map(readAnomaly),
});
