import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { type LimitRow, limitColumns, readLimit, type StoredLimit } from '../limit-row.ts';
import { organizationQuery } from '../query.ts';

export type ListLimits = {
  /** Absent for what holds for the whole organization. */
  projectId: string | undefined;
  isBudget: boolean;
  /** 1 to 200. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
};

/** Newest first. A page begins after the last row seen, so that new limits never shift it. */
export const listLimits = organizationQuery({
  sql: `select ${limitColumns} from limits l join organizations o on o.id = l.organization_id
    where l.organization_id = $1 and l.project_id is not distinct from $2 and l.is_budget = $3
      and l.deleted_at is null and ($4::timestamptz is null or (l.created_at, l.id) < ($4, $5))
    order by l.created_at desc, l.id desc limit $6`,
  values: (search: ListLimits) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    // One row more than the page tells whether another page follows.
    return [search.projectId, search.isBudget, after?.createdAt ?? null, after?.id ?? null, search.limit + 1];
  },
  read: (rows: LimitRow[], { limit }): { limits: StoredLimit[]; nextCursor: string | null } => {
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      limits: rows.slice(0, limit).map(readLimit),
      nextCursor: last === undefined ? null : writeKeyCursor(last),
    };
  },
});
