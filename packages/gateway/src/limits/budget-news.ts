import type { Limit, TellNews } from './limit.ts';

/** What has been told of one count in one period. */
export type Told = { percent: number; isExhausted: boolean; isShadow: boolean };

export type BudgetState = { limit: Limit; subject: string; max: number; spent: number; told: Told };

/** Tells which thresholds of a budget its settled spend has passed: each once, and only the highest of those passed at once. */
export function tellSpent(tell: TellNews, state: BudgetState, atMs: number): void {
  const { limit, subject, max, spent, told } = state;
  if (limit.budget === undefined || max <= 0) return;
  let passed = told.percent;
  for (const percent of limit.budget.warnPercents) {
    // In two factors that stay safe integers: nano-dollars of a large budget times a hundred do not.
    if (percent > passed && spent / max >= percent / 100) passed = percent;
  }
  if (passed > told.percent) {
    told.percent = passed;
    tell({ kind: 'warned', limit, subject, percent: passed, used: spent, max, atMs });
  }
  if (spent >= max) tellExhausted(tell, state, atMs);
}

/**
 * A claim was refused. The budget counts as spent when what is settled leaves no room for it, unless that claim alone is
 * more than a tenth of the whole: one huge call does not end a budget.
 */
export function tellRefused(tell: TellNews, state: BudgetState & { amount: number }, atMs: number): void {
  const { limit, max, spent, amount } = state;
  if (limit.budget !== undefined && amount <= max / 10 && spent + amount > max)
    tellExhausted(tell, state, atMs);
}

/** A limit that only watches would have refused. */
export function tellShadow(
  tell: TellNews,
  { limit, subject, max, spent, told }: BudgetState,
  atMs: number,
): void {
  if (told.isShadow) return;
  told.isShadow = true;
  tell({ kind: 'exceeded_shadow', limit, subject, used: spent, max, atMs });
}

function tellExhausted(
  tell: TellNews,
  { limit, subject, max, spent, told }: BudgetState,
  atMs: number,
): void {
  if (told.isExhausted) return;
  told.isExhausted = true;
  tell({ kind: 'exhausted', limit, subject, used: spent, max, atMs });
}
