import { type NoticeRow, noticeColumns, readNotice } from '../budget-notice-row.ts';
import { organizationQuery } from '../query.ts';

export type AnswerNotices = {
  budgetId: string;
  subject: string;
  periodStartMs: number;
  answer: 'granted' | 'declined';
  answeredAtMs: number;
  answeredBy: string | undefined;
  reason: string | undefined;
};

/** Notes what the owner said to what a budget asked in this period; what was answered before stays so. */
export const answerBudgetNotices = organizationQuery({
  sql: `update budget_notices set answer = $5, answered_at = $6, answered_by = $7, reason = $8
    where organization_id = $1 and budget_id = $2 and subject = $3 and period_start = $4
      and kind = 'asked' and answer is null
    returning ${noticeColumns}`,
  values: (input: AnswerNotices) => [
    input.budgetId,
    input.subject,
    new Date(input.periodStartMs),
    input.answer,
    new Date(input.answeredAtMs),
    input.answeredBy,
    input.reason,
  ],
  read: (rows: NoticeRow[]) => rows.map(readNotice),
});
