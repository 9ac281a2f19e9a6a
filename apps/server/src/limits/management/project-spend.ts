/** What was spent in one period. Epoch milliseconds; nano-dollars. */
export type PeriodSpend = { startMs: number; endMs: number; spent: number };

export type SpendSoFar = {
  /** The current period. */
  current: PeriodSpend;
  /** Those before, as far as they are known. */
  before: readonly PeriodSpend[];
  /** Nothing was counted before this. */
  countedSinceMs: number;
  nowMs: number;
};

/** As far as the pace looks back. */
export const PACE_MS = 7 * 86_400_000;
/** No pace is told from less. */
const PACE_MS_MIN = 3_600_000;

/**
 * What the current period will have cost at its end: what is spent, and the time left at the pace of the last seven days.
 * Within a period that is over, or the part of the current one that has passed, spending counts as even, so that after
 * seven days of a month its own pace is all that counts.
 */
export function projectSpend({ current, before, countedSinceMs, nowMs }: SpendSoFar): number {
  const sinceMs = Math.max(nowMs - PACE_MS, countedSinceMs);
  let spent = 0;
  for (const { startMs, endMs, spent: ofPeriod } of [{ ...current, endMs: nowMs }, ...before]) {
    // What a period spent, it spent since something was counted.
    const fromMs = Math.max(startMs, countedSinceMs);
    if (endMs <= sinceMs) continue;
    spent += fromMs >= sinceMs ? ofPeriod : (ofPeriod * (endMs - sinceMs)) / (endMs - fromMs);
  }
  const pace = spent / Math.max(nowMs - sinceMs, PACE_MS_MIN);
  const projected = current.spent + pace * Math.max(current.endMs - nowMs, 0);
  return Math.min(Math.round(projected), Number.MAX_SAFE_INTEGER);
}
