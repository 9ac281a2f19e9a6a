import { projectQuery } from '../query.ts';

export type ConversationOfSession = { id: string; toMs: number; isTestOnly: boolean };

/** A session that is a conversation of ours goes whole. */
export const deleteConversationOfSession = projectQuery({
  sql: `delete from conversations where project_id = $1 and id = $2 and created_at < $3
    and (not $4::boolean or mode = 'test') returning id`,
  values: ({ id, toMs, isTestOnly }: ConversationOfSession) => [id, new Date(toMs), isTestOnly],
  read: (rows) => rows.length,
});
