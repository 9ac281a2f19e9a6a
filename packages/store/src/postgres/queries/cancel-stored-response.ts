import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** Marks a call that runs without its caller as cancelled; whoever works on it sees that. False when it runs no more. */
export const cancelStoredResponse = projectQuery({
  sql: `update stored_responses set status = 'cancelled'
    where project_id = $1 and mode = $2 and id = $3 and status in ('queued', 'in_progress') returning id`,
  values: (response: { mode: StoredMode; id: string }) => [response.mode, response.id],
  read: (rows) => rows.length === 1,
});
