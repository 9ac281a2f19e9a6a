import { installationQuery } from '../query.ts';

/**
 * Deletes conversations with their items that nobody used since then, `limit` at most, and gives how many there were.
 * Projects that decided for themselves are passed over.
 */
export const deleteUnusedConversations = installationQuery({
  sql: `delete from conversations where ctid = any(array(
      select ctid from conversations c where used_at <= $1 and not exists (
        select from project_retention r where r.project_id = c.project_id and r.policy ? 'conversations_days')
      order by used_at limit $2 for update skip locked
    )) returning id`,
  values: (due: { unusedSinceMs: number; limit: number }) => [new Date(due.unusedSinceMs), due.limit],
  read: (rows) => rows.length,
});
