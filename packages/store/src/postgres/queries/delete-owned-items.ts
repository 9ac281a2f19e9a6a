import { type OwnedFilter, ownedBy, ownedValues } from '../owned-rows.ts';
import { projectQuery } from '../query.ts';

/** Items from before it was kept are as old as their conversation. */
const createdAt = `coalesce(i.created_at, (select c.created_at from conversations c where c.project_id = i.project_id
        and c.mode = i.mode and c.id = i.conversation_id))`;

/** Deletes items of conversations that are meant, `limit` at most, and gives how many there were. */
export const deleteOwnedItems = projectQuery({
  sql: `delete from conversation_items where ctid = any(array(
      select ctid from conversation_items i where project_id = $1 and ${ownedBy('i', createdAt, 3)} limit $2
    )) returning id`,
  values: ({ limit, ...filter }: OwnedFilter & { limit: number }) => [limit, ...ownedValues(filter)],
  read: (rows) => rows.length,
});
