import { projectQuery } from '../query.ts';

/** Deletes a project's conversations that nobody used since then, `limit` at most, and gives how many there were. */
export const deleteUnusedConversationsOfProject = projectQuery({
  sql: `delete from conversations where ctid = any(array(
      select ctid from conversations where project_id = $1 and used_at <= $2 limit $3 for update skip locked
    )) returning id`,
  values: ({ unusedSinceMs, limit }: { unusedSinceMs: number; limit: number }) => [
    new Date(unusedSinceMs),
    limit,
  ],
  read: (rows) => rows.length,
});
