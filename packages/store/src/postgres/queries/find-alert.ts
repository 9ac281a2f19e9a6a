import { type AlertRow, alertColumns, readAlert } from '../alert-row.ts';
import { organizationQuery } from '../query.ts';

/** `projectId` is absent for a rule over the whole organization. */
export type FindAlert = { projectId: string | undefined; id: string };

/** One rule of a place; `undefined` when it has no such rule. */
export const findAlert = organizationQuery({
  sql: `select ${alertColumns} from alerts
    where organization_id = $1 and project_id is not distinct from $2 and id = $3`,
  values: ({ projectId, id }: FindAlert) => [projectId, id],
  read: ([row]: AlertRow[]) => (row === undefined ? undefined : readAlert(row)),
});
