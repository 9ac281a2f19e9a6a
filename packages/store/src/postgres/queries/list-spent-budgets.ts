import { organizationQuery } from '../query.ts';

export type SpentBudget = { budgetId: string; subject: string; periodStartMs: number; available: number };

type Row = { budget_id: string; subject: string; period_start: Date; available: string };

/** Which counts of these budgets were found to be spent in their newest period, and what was available then. */
export const listSpentBudgets = organizationQuery({
  sql: `select distinct on (budget_id, subject) budget_id, subject, period_start, available from budget_notices
    where organization_id = $1 and budget_id = any($2) and kind in ('exhausted', 'asked', 'routed')
    order by budget_id, subject, period_start desc, available desc`,
  values: (input: { ids: readonly string[] }) => [input.ids],
  read: (rows: Row[]): SpentBudget[] =>
    rows.map((row) => ({
      budgetId: row.budget_id,
      subject: row.subject,
      periodStartMs: row.period_start.getTime(),
      available: Number(row.available),
    })),
});
