import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** Deletes a conversation with its items. False when there was none. */
export const deleteConversation = projectQuery({
  sql: `delete from conversations where project_id = $1 and mode = $2 and id = $3 returning id`,
  values: (conversation: { mode: StoredMode; id: string }) => [conversation.mode, conversation.id],
  read: (rows) => rows.length === 1,
});
