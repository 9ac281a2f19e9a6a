import type { Limit } from './limit.ts';

/** An amount to take. What is no amount takes all there can be, so that it is refused rather than free. */
export function safeClaim(amount: number): number {
  if (Number.isNaN(amount) || amount > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  return amount > 0 ? Math.ceil(amount) : 0;
}

/** What was used. What is no amount (a provider's negative or absurd count) leaves charged what was held. */
export function safeUsed(used: number | undefined, held: number): number {
  if (used === undefined || !(used >= 0) || used > Number.MAX_SAFE_INTEGER) return held;
  return Math.ceil(used);
}

/** What stays charged for a hold whose server died: never more than was held. */
export function safeFloor(floor: number, held: number): number {
  return Number.isNaN(floor) ? held : Math.min(safeClaim(floor), held);
}

/** `limit.max` with what this period has beyond it. A bound that is no number lets nothing in. */
export function boundOf(limit: Limit, subject: string, periodStartMs?: number): number {
  const max = safeBound(limit.max);
  if (limit.extra === undefined || limit.extra.periodStartMs !== periodStartMs) return max;
  return safeBound(max + (limit.extra.bySubject.get(subject) ?? 0));
}

function safeBound(max: number): number {
  return max > 0 ? Math.min(Math.floor(max), Number.MAX_SAFE_INTEGER) : 0;
}

/** Adds without leaving the safe integers. */
export function addSafely(left: number, right: number): number {
  return Math.min(left + right, Number.MAX_SAFE_INTEGER);
}

/** Milliseconds over which a bucket drains; absent for what is counted by the calendar or not over time. */
export function windowOf(limit: Limit): number | undefined {
  if (limit.measure === 'concurrency') return undefined;
  if (limit.period === 'minute') return 60_000;
  return limit.period === 'hour' ? 3_600_000 : undefined;
}
