import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type ConversationPage = {
  mode: StoredMode;
  conversationId: string;
  /** The item after which the page begins. */
  after: string | undefined;
  isAscending: boolean;
  limit: number;
};

/** Items in the order of the conversation, or the newest first. An item that is not there is one that nothing follows. */
export const listConversationItems = projectQuery({
  sql: `select id, sealed from conversation_items
    where project_id = $1 and mode = $2 and conversation_id = $3 and (
      $4::text is null
      or ($5 and position > (select position from conversation_items
        where project_id = $1 and mode = $2 and conversation_id = $3 and id = $4))
      or (not $5 and position < (select position from conversation_items
        where project_id = $1 and mode = $2 and conversation_id = $3 and id = $4))
    )
    order by case when $5 then position else -position end limit $6`,
  values: ({ mode, conversationId, after, isAscending, limit }: ConversationPage) => [
    mode,
    conversationId,
    after ?? null,
    isAscending,
    limit,
  ],
  read: (rows: { id: string; sealed: Buffer }[]) => rows,
});
