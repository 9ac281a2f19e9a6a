import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

type Row = { conversation_id: string; id: string; sealed: Buffer };

/** Items by their names alone, in whichever conversation of the project they are; at most 200. */
export const listItemsOfConversations = projectQuery({
  sql: `select distinct on (id) conversation_id, id, sealed from conversation_items
    where project_id = $1 and mode = $2 and id = any($3) order by id, position desc limit 200`,
  values: (wanted: { mode: StoredMode; itemIds: readonly string[] }) => [wanted.mode, wanted.itemIds],
  read: (rows: Row[]) =>
    rows.map(({ conversation_id, id, sealed }) => ({ conversationId: conversation_id, id, sealed })),
});
