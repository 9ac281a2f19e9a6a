import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type InsertConversation = {
  mode: StoredMode;
  id: string;
  keyId: string;
  createdAtMs: number;
  sealed: Buffer;
};

export const insertConversation = projectQuery({
  sql: `insert into conversations (project_id, mode, id, key_id, created_at, used_at, sealed)
    values ($1, $2, $3, $4, $5, $5, $6)`,
  values: (conversation: InsertConversation) => [
    conversation.mode,
    conversation.id,
    conversation.keyId,
    new Date(conversation.createdAtMs),
    conversation.sealed,
  ],
  read: () => undefined,
});
