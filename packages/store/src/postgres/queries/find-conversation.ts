import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

type Row = { created_at: Date; sealed: Buffer };

/** A conversation without its items. */
export const findConversation = projectQuery({
  sql: `select created_at, sealed from conversations where project_id = $1 and mode = $2 and id = $3`,
  values: (conversation: { mode: StoredMode; id: string }) => [conversation.mode, conversation.id],
  read: ([row]: Row[]) =>
    row === undefined ? undefined : { createdAtMs: row.created_at.getTime(), sealed: row.sealed },
});
