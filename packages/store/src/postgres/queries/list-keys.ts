import type { KeyList } from '@app/contract';
import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

export type ListKeys = {
  /** 1 to 200. */
  limit: number;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
};

/** Newest first. A page begins after the last row seen, so that new keys never shift it. */
export const listKeys = projectQuery({
  sql: `select ${keyColumns} from api_keys
    where project_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3))
    order by created_at desc, id desc limit $4`,
  values: (search: ListKeys) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    // One row more than the page tells whether another page follows.
    return [after?.createdAt ?? null, after?.id ?? null, pageSize(search) + 1];
  },
  read: (rows: KeyRow[], search): KeyList => {
    const last = rows.length > pageSize(search) ? rows[pageSize(search) - 1] : undefined;
    return {
      data: rows.slice(0, pageSize(search)).map(readKey),
      next_cursor: last === undefined ? null : writeKeyCursor(last),
    };
  },
});

function pageSize(search: ListKeys): number {
  return Math.min(Math.max(Math.trunc(search.limit), 1), 200);
}
