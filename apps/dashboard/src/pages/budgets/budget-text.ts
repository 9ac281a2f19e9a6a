import type { Budget, BudgetState } from '@app/contract';

/** How much of what was available is spent; more than 1 where a count was passed. */
export const shareOf = (state: BudgetState): number => state.spent.nanos / Math.max(1, state.available.nanos);

/** How a budget stands, with the highest threshold that it has passed. */
export function statusText(budget: Pick<Budget, 'warn_percents'>, state: BudgetState): string {
  if (state.status === 'ok') return 'on track';
  if (state.status === 'exhausted') return 'spent';
  const passed = budget.warn_percents.filter((percent) => percent <= shareOf(state) * 100);
  return passed.length === 0 ? 'running low' : `past ${Math.max(...passed)} %`;
}

/** Whose count it is: a key by its name; empty where there is one count for all. */
export const subjectText = (subject: string, keyNames: ReadonlyMap<string, string> | undefined): string =>
  keyNames?.get(subject) ?? subject;

const ranks = { ok: 0, warned: 1, exhausted: 2 } as const;

/** How badly a budget needs to be looked at: 2 when it is spent and holds calls back, 1 when it may soon. */
export function rankOf({ states, enforcement }: Pick<Budget, 'states' | 'enforcement'>): number {
  const worst = Math.max(0, ...states.map(({ status }) => ranks[status]));
  return enforcement === 'shadow' ? Math.min(worst, 1) : worst;
}

/** Those that need attention first, the fullest of them before the others; otherwise as they were. */
export function byUrgency(budgets: readonly Budget[]): Budget[] {
  const fullest = ({ states }: Budget) => Math.max(0, ...states.map(shareOf));
  return budgets.toSorted((a, b) => rankOf(b) - rankOf(a) || fullest(b) - fullest(a));
}
