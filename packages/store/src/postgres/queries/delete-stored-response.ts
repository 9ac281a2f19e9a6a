import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** False when there was none. */
export const deleteStoredResponse = projectQuery({
  sql: `delete from stored_responses where project_id = $1 and mode = $2 and id = $3 returning id`,
  values: (response: { mode: StoredMode; id: string }) => [response.mode, response.id],
  read: (rows) => rows.length === 1,
});
