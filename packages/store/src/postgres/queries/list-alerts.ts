import { type AlertRow, alertColumns, readAlert } from '../alert-row.ts';
import { organizationQuery } from '../query.ts';

/** The rules of a place, newest first: at most as many as it may have. */
export const listAlerts = organizationQuery({
  sql: `select ${alertColumns} from alerts where organization_id = $1 and project_id is not distinct from $2
    order by created_at desc, id desc limit $3`,
  values: ({ projectId, limit }: { projectId: string | undefined; limit: number }) => [projectId, limit],
  read: (rows: AlertRow[]) => rows.map(readAlert),
});
