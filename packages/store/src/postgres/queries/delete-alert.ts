import { type AlertRow, alertColumns, readAlert } from '../alert-row.ts';
import { organizationQuery } from '../query.ts';
import type { FindAlert } from './find-alert.ts';

/** Ends a rule; what it told stays in the history. `undefined` when there is none. */
export const deleteAlert = organizationQuery({
  sql: `delete from alerts where organization_id = $1 and project_id is not distinct from $2 and id = $3
    returning ${alertColumns}`,
  values: ({ projectId, id }: FindAlert) => [projectId, id],
  read: ([row]: AlertRow[]) => (row === undefined ? undefined : readAlert(row)),
});
