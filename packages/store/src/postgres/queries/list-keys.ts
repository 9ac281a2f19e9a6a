import type { KeyKind, KeyList, KeyMode, KeyStatus } from '@app/contract';
import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { type KeyRow, keyColumns, readKey } from '../key-row.ts';
import { projectQuery } from '../query.ts';

export type ListKeys = {
  /** 1 to 200. */
  limit: number;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  /** Any part of the name, in upper or lower case. */
  name?: string | undefined;
  kind?: KeyKind | undefined;
  mode?: KeyMode | undefined;
  status?: KeyStatus | undefined;
  owner?: string | undefined;
  tag?: string | undefined;
  /** RFC 3339: neither made nor used since then. */
  unused_since?: string | undefined;
  /** Epoch milliseconds by which a status is told; the database's clock when absent. */
  nowMs?: number | undefined;
};

/** A key that ends within this time is told as expiring. */
const expiringWithin = '14 days';

/** Newest first. A page begins after the last row seen, so that new keys never shift it. */
export const listKeys = projectQuery({
  sql: `select ${keyColumns} from api_keys, coalesce($12::timestamptz, now()) as now
    where project_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3))
      and ($5::text is null or position(lower($5) in lower(name)) > 0)
      and ($6::text is null or kind = $6)
      and ($7::text is null or mode = $7)
      and case $8
        when 'active' then revoked_at is null and (expires_at is null or expires_at > now)
        when 'expiring' then
          revoked_at is null and expires_at > now and expires_at <= now + interval '${expiringWithin}'
        when 'expired' then revoked_at is null and expires_at <= now
        when 'revoked' then revoked_at is not null
        else true
      end
      and ($9::text is null or owner = $9)
      and ($10::text is null or tags @> array[$10])
      and ($11::timestamptz is null or greatest(created_at, last_used_at) < $11)
    order by created_at desc, id desc limit $4`,
  values: (search: ListKeys) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    // One row more than the page tells whether another page follows.
    return [
      after?.createdAt ?? null,
      after?.id ?? null,
      pageSize(search) + 1,
      search.name,
      search.kind,
      search.mode,
      search.status ?? '',
      search.owner,
      search.tag,
      search.unused_since,
      search.nowMs === undefined ? null : new Date(search.nowMs),
    ];
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
