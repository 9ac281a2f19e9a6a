import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type ConversationItemNamed = { mode: StoredMode; conversationId: string; id: string };

/** False when there was none. */
export const deleteConversationItem = projectQuery({
  sql: `delete from conversation_items
    where project_id = $1 and mode = $2 and conversation_id = $3 and id = $4 returning id`,
  values: ({ mode, conversationId, id }: ConversationItemNamed) => [mode, conversationId, id],
  read: (rows) => rows.length === 1,
});
