import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

/** How many items a conversation has and how many bytes they take as they are kept; undefined when there is none. */
export const measureConversation = projectQuery({
  sql: `select (select count(*)::int from conversation_items i
        where i.project_id = $1 and i.mode = $2 and i.conversation_id = $3) as count,
      (select coalesce(sum(octet_length(i.sealed)), 0)::float8 from conversation_items i
        where i.project_id = $1 and i.mode = $2 and i.conversation_id = $3) as bytes
    from conversations c where c.project_id = $1 and c.mode = $2 and c.id = $3`,
  values: (conversation: { mode: StoredMode; id: string }) => [conversation.mode, conversation.id],
  read: ([row]: { count: number; bytes: number }[]) => row,
});
