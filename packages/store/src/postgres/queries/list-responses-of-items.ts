import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type ItemsWanted = { mode: StoredMode; itemIds: readonly string[]; nowMs: number };

/** Names of the responses in which these items are, the newest first; at most 200. */
export const listResponsesOfItems = projectQuery({
  sql: `select id, octet_length(sealed) as bytes from stored_responses
    where project_id = $1 and mode = $2 and item_ids && $3 and expires_at > $4
    order by created_at desc limit 200`,
  values: (wanted: ItemsWanted) => [wanted.mode, wanted.itemIds, new Date(wanted.nowMs)],
  read: (rows: { id: string; bytes: number }[]) => rows,
});
