import { type NoticeKind, type NoticeRow, noticeColumns, readNotice } from '../budget-notice-row.ts';
import { installationQuery } from '../query.ts';

export type InsertNotice = {
  id: string;
  budgetId: string;
  subject: string;
  periodStartMs: number;
  kind: NoticeKind;
  percent: number | undefined;
  spent: number;
  available: number;
  createdAtMs: number;
};

/**
 * Notes what budgets did, many at a time, and gives those that were not noted before, by this server or another: these
 * are to be delivered. The owner of the budget is told. What tells of no budget is left out.
 */
export const insertBudgetNotices = installationQuery({
  sql: `insert into budget_notices (id, organization_id, project_id, budget_id, subject, period_start, kind, percent, spent,
      available, told, created_at)
    select n.id, l.organization_id, l.project_id, l.id, n.subject, n.period_start, n.kind, n.percent, n.spent,
      n.available, array_remove(array[l.owner], null), n.created_at
    from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::smallint[], $7::bigint[],
      $8::bigint[], $9::timestamptz[])
      as n (id, budget_id, subject, period_start, kind, percent, spent, available, created_at)
    join limits l on l.id = n.budget_id and l.is_budget
    order by n.budget_id, n.subject, n.kind
    on conflict do nothing
    returning ${noticeColumns}`,
  values: (notices: readonly InsertNotice[]) => [
    notices.map((each) => each.id),
    notices.map((each) => each.budgetId),
    notices.map((each) => each.subject),
    notices.map((each) => new Date(each.periodStartMs)),
    notices.map((each) => each.kind),
    notices.map((each) => each.percent ?? null),
    notices.map((each) => each.spent),
    notices.map((each) => each.available),
    notices.map((each) => new Date(each.createdAtMs)),
  ],
  read: (rows: NoticeRow[]) => rows.map(readNotice),
});
