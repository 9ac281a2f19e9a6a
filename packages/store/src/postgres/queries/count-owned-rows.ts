import { type OwnedFilter, ownedBy, ownedValues } from '../owned-rows.ts';
import { projectQuery } from '../query.ts';

/** Replies that are meant, and items of conversations. */
export const countOwnedRows = projectQuery({
  sql: `select (select count(*) from stored_responses r where project_id = $1 and ${ownedBy('r', 'r.created_at', 2)})
      as responses,
    (select count(*) from conversation_items i join conversations c
        on c.project_id = i.project_id and c.mode = i.mode and c.id = i.conversation_id
      where i.project_id = $1 and ${ownedBy('i', 'coalesce(i.created_at, c.created_at)', 2)}) as items`,
  values: (filter: OwnedFilter) => ownedValues(filter),
  read: ([row]: { responses: string; items: string }[]) => ({
    responses: Number(row?.responses ?? 0),
    items: Number(row?.items ?? 0),
  }),
});
