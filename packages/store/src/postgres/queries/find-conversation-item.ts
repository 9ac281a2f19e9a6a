import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** One item of one conversation. */
export const findConversationItem = projectQuery({
  sql: `select id, sealed from conversation_items
    where project_id = $1 and mode = $2 and conversation_id = $3 and id = $4`,
  values: (item: { mode: StoredMode; conversationId: string; id: string }) => [
    item.mode,
    item.conversationId,
    item.id,
  ],
  read: ([row]: { id: string; sealed: Buffer }[]) => row,
});
