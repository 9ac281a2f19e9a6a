import { projectQuery } from '../query.ts';
import type { CallOwner, StoredMode } from '../stored-response-row.ts';

export type InsertConversationItems = {
  mode: StoredMode;
  conversationId: string;
  items: readonly { id: string; sealed: Buffer }[];
  usedAtMs: number;
  /** Of the call that added them; absent for what came by itself. */
  by?: CallOwner | undefined;
};

/**
 * Adds items at the end of a conversation, in their order. An item that is there already stays where it is. False when
 * there is no such conversation.
 */
export const insertConversationItems = projectQuery({
  sql: `with used as (
      update conversations set used_at = greatest(used_at, $6)
      where project_id = $1 and mode = $2 and id = $3 returning project_id, mode, id
    ), added as (
      insert into conversation_items (project_id, mode, conversation_id, id, sealed, created_at, request_id, user_id,
        session_id, tags)
      select used.project_id, used.mode, used.id, u.id, u.sealed, $6, $7, $8, $9, $10
      from used, unnest($4::text[], $5::bytea[]) with ordinality as u (id, sealed, place)
      order by u.place
      on conflict (project_id, mode, conversation_id, id) do nothing
    )
    select id from used`,
  values: ({ mode, conversationId, items, usedAtMs, by }: InsertConversationItems) => [
    mode,
    conversationId,
    items.map(({ id }) => id),
    items.map(({ sealed }) => sealed),
    new Date(usedAtMs),
    by?.requestId,
    by?.userId,
    by?.sessionId,
    by?.tags ?? [],
  ],
  read: (rows) => rows.length === 1,
});
