import type { Budget, BudgetNotice } from '@app/contract';

type Question = { notice: BudgetNotice; budget: Budget };

/** What budgets asked that nobody answered, as long as the period lasts in which they asked. */
export function findOpenQuestions(
  notices: readonly BudgetNotice[],
  budgets: readonly Budget[],
  nowMs = Date.now(),
): Question[] {
  return notices.flatMap((notice) => {
    if (notice.kind !== 'asked' || notice.answer !== null) return [];
    const budget = budgets.find(({ id }) => id === notice.budget_id);
    const end = budget?.states.find((state) => state.period_start === notice.period_start)?.period_end;
    if (budget === undefined || end === undefined || Date.parse(end) <= nowMs) return [];
    return [{ notice, budget }];
  });
}
