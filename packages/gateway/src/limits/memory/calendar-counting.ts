import type { Clock } from '../../ports.ts';
import { addSafely, boundOf } from '../amounts.ts';
import { createFindPeriod, type PeriodBounds } from '../calendar-period.ts';
import { createCountMap } from '../count-map.ts';
import type { Limit } from '../limit.ts';
import { type CalendarCount, type Counting, RETRY_SOON_MS } from './slot.ts';

export type CalendarCounting = Counting<'calendar'> & {
  has(limitId: string, subject: string): boolean;
  /** What was spent before this process began. Called again for the same period, the larger total stays. */
  load(limitId: string, subject: string, total: { periodStartMs: number; used: number }): void;
};

/**
 * Days and months, by the wall clock. Each period has a count of its own, so a clock that jumps ahead and comes back finds
 * the old one as it was; it is forgotten an hour (by the monotonic clock) after it was touched last, once it is over.
 */
export function createCalendarCounting(clock: Clock): CalendarCounting {
  const findPeriod = createFindPeriod();
  const counts = createCountMap<CalendarCount>((count, nowMs) => isOver(count, nowMs, clock.monotonicMs()));
  const insert = (limitId: string, subject: string, bounds: PeriodBounds): CalendarCount => {
    const other = counts.find(limitId, subject);
    const count = createCount(bounds, other);
    // Three periods reach over any jump and back; a claim on an older one still settles on the count it holds.
    if (count.other?.other !== undefined) count.other.other.other = undefined;
    counts.set(limitId, subject, count);
    return count;
  };
  const boundsOf = (limit: Limit, nowMs: number): PeriodBounds =>
    findPeriod(limit.period === 'day' ? 'day' : 'month', limit.zone, nowMs);
  const find = (limitId: string, subject: string, startMs: number): CalendarCount | undefined => {
    let count = counts.find(limitId, subject);
    while (count !== undefined && count.periodStartMs !== startMs) count = count.other;
    return count;
  };
  return {
    take(claim, amount) {
      const { limit, subject } = claim;
      const nowMs = clock.nowMs();
      counts.sweep(nowMs);
      const bounds = boundsOf(limit, nowMs);
      const count = find(limit.id, subject, bounds.startMs) ?? insert(limit.id, subject, bounds);
      count.periodEndMs = bounds.endMs;
      count.touchedMs = clock.monotonicMs();
      const max = boundOf(limit, subject, bounds.startMs);
      const isExceeded = count.spent + count.reserved + amount > max;
      count.open += 1;
      count.reserved += amount;
      return { kind: 'calendar', claim, amount, max, isExceeded, count };
    },
    undo({ count, amount }) {
      count.open -= 1;
      count.reserved -= amount;
    },
    settle({ count, amount }, used) {
      count.open -= 1;
      count.reserved -= amount;
      count.spent = addSafely(count.spent, used);
      count.touchedMs = clock.monotonicMs();
    },
    view({ claim, amount, max, isExceeded, count }, isTaken) {
      const resetMs = Math.max(0, count.periodEndMs - clock.nowMs());
      const wait = count.spent + amount > max ? resetMs : Math.min(resetMs, RETRY_SOON_MS);
      const retryAfterMs = isExceeded && !isTaken ? wait : 0;
      const used = addSafely(count.spent, count.reserved);
      const { limit, subject } = claim;
      return { limit, subject, max, used, reserved: count.reserved, resetMs, retryAfterMs, isExceeded };
    },
    read(limit, subject) {
      const nowMs = clock.nowMs();
      const bounds = boundsOf(limit, nowMs);
      const count = find(limit.id, subject, bounds.startMs);
      const max = boundOf(limit, subject, bounds.startMs);
      const reserved = count?.reserved ?? 0;
      const used = addSafely(count?.spent ?? 0, reserved);
      const resetMs = bounds.endMs - nowMs;
      return { limit, subject, max, used, reserved, resetMs, retryAfterMs: 0, isExceeded: used >= max };
    },
    load(limitId, subject, { periodStartMs, used }) {
      const bounds = { startMs: periodStartMs, endMs: periodStartMs + LONGEST_PERIOD_MS };
      const count = find(limitId, subject, periodStartMs) ?? insert(limitId, subject, bounds);
      count.spent = Math.max(count.spent, used > 0 ? Math.min(Math.ceil(used), Number.MAX_SAFE_INTEGER) : 0);
      count.touchedMs = clock.monotonicMs();
    },
    has: (limitId, subject) => counts.find(limitId, subject) !== undefined,
    size: counts.size,
  };
}

/** A month and the hour of a clock that is put back. Corrected by the first claim, which knows the period's end. */
const LONGEST_PERIOD_MS = 31 * 86_400_000 + 3_600_000;
const KEPT_AFTER_MS = 3_600_000;

function createCount(bounds: PeriodBounds, other: CalendarCount | undefined): CalendarCount {
  return {
    open: 0,
    periodStartMs: bounds.startMs,
    periodEndMs: bounds.endMs,
    spent: 0,
    reserved: 0,
    told: { percent: 0, isExhausted: false, isShadow: false },
    touchedMs: 0,
    other,
  };
}

/** Whether every period of a count can be forgotten: nothing is held, and nothing was spent or the period is long over. */
function isOver(count: CalendarCount, nowMs: number, monotonicMs: number): boolean {
  for (let at: CalendarCount | undefined = count; at !== undefined; at = at.other) {
    if (at.open > 0) return false;
    const isPast = nowMs >= at.periodEndMs && monotonicMs - at.touchedMs >= KEPT_AFTER_MS;
    if (at.spent > 0 && !isPast) return false;
  }
  return true;
}
