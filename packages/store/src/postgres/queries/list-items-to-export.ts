import { type OwnedFilter, ownedBy, ownedValues } from '../owned-rows.ts';
import { projectQuery } from '../query.ts';
import type { StoredMode } from '../stored-response-row.ts';

export type ExportedItem = {
  position: string;
  mode: StoredMode;
  conversationId: string;
  keyId: string;
  id: string;
  sealed: Buffer;
};

type ExportedItemRow = {
  position: string;
  mode: StoredMode;
  conversation_id: string;
  key_id: string;
  id: string;
  sealed: Buffer;
};

export type ItemsPage = OwnedFilter & { limit: number; after: string };

/** A page of what conversations hold, in the order in which it was added; `after` is the last position of the page before. */
export const listItemsToExport = projectQuery({
  sql: `select i.position, i.mode, i.conversation_id, c.key_id, i.id, i.sealed
    from conversation_items i join conversations c
      on c.project_id = i.project_id and c.mode = i.mode and c.id = i.conversation_id
    where i.project_id = $1 and i.position > $3 and ${ownedBy('i', 'coalesce(i.created_at, c.created_at)', 4)}
    order by i.position limit $2`,
  values: ({ limit, after, ...filter }: ItemsPage) => [limit, after, ...ownedValues(filter)],
  read: (rows: ExportedItemRow[]): ExportedItem[] =>
    rows.map((row) => ({
      position: row.position,
      mode: row.mode,
      conversationId: row.conversation_id,
      keyId: row.key_id,
      id: row.id,
      sealed: row.sealed,
    })),
});
