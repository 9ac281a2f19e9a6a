import { type NoticeRow, noticeColumns, readNotice, type StoredNotice } from '../budget-notice-row.ts';
import { parseKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import { organizationQuery } from '../query.ts';

export type ListNotices = {
  /** Absent for budgets over the whole organization. */
  projectId: string | undefined;
  /** Of this budget alone. */
  budgetId?: string | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
};

/** What budgets did, newest first. A page begins after the last row seen. */
export const listBudgetNotices = organizationQuery({
  sql: `select ${noticeColumns} from budget_notices
    where organization_id = $1 and project_id is not distinct from $2 and ($3::text is null or budget_id = $3)
      and ($4::timestamptz is null or (created_at, id) < ($4, $5))
    order by created_at desc, id desc limit $6`,
  values: (search: ListNotices) => {
    const after = search.cursor === undefined ? undefined : parseKeyCursor(search.cursor);
    return [search.projectId, search.budgetId, after?.createdAt ?? null, after?.id ?? null, search.limit + 1];
  },
  read: (rows: NoticeRow[], { limit }): { notices: StoredNotice[]; nextCursor: string | null } => {
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      notices: rows.slice(0, limit).map(readNotice),
      nextCursor: last === undefined ? null : writeKeyCursor(last),
    };
  },
});
