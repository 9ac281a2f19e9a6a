import { projectQuery } from '../query.ts';
import type { SealedResponse, StoredMode } from '../stored-response-row.ts';

export type StoredResponsesWanted = { mode: StoredMode; ids: readonly string[]; nowMs: number };

/** Those of these that are there and have not expired, in no order. */
export const listStoredResponses = projectQuery({
  sql: `select id, status, sealed from stored_responses
    where project_id = $1 and mode = $2 and id = any($3) and expires_at > $4`,
  values: (wanted: StoredResponsesWanted) => [wanted.mode, wanted.ids, new Date(wanted.nowMs)],
  read: (rows: SealedResponse[]) => rows,
});
