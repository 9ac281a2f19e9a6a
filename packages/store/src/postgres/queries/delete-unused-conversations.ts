import { installationQuery } from '../query.ts';

/** Deletes conversations with their items that nobody used since then, `limit` at most, and gives how many there were. */
export const deleteUnusedConversations = installationQuery({
  sql: `delete from conversations where ctid = any(array(
      select ctid from conversations where used_at <= $1 order by used_at limit $2 for update skip locked
    )) returning id`,
  values: (due: { unusedSinceMs: number; limit: number }) => [new Date(due.unusedSinceMs), due.limit],
  read: (rows) => rows.length,
});
