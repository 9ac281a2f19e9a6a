import type { Clock } from '../../ports.ts';
import { boundOf, windowOf } from '../amounts.ts';
import { createCountMap } from '../count-map.ts';
import { createLeakyBucket, drain, fill, replace, unfill } from '../leaky-bucket.ts';
import type { Limit } from '../limit.ts';
import type { BucketCount, Counting } from './slot.ts';

/** Minutes and hours, by the monotonic clock: a wall clock that jumps changes nothing here. */
export function createBucketCounting(clock: Clock): Counting<'bucket'> {
  const counts = createCountMap<BucketCount>((count, nowMs) => {
    drain(count, nowMs);
    return count.level === 0 && count.open === 0;
  });
  const touch = (limit: Limit, subject: string, max: number): BucketCount => {
    const nowMs = clock.monotonicMs();
    counts.sweep(nowMs);
    const windowMs = windowOf(limit) ?? HOUR_MS;
    let count = counts.find(limit.id, subject);
    if (count === undefined) {
      count = { ...createLeakyBucket({ max, windowMs, nowMs }), open: 0, isShadowTold: false };
      counts.set(limit.id, subject, count);
    }
    drain(count, nowMs);
    count.max = max;
    count.windowMs = windowMs;
    return count;
  };
  return {
    take(claim, amount) {
      const max = boundOf(claim.limit, claim.subject);
      const count = touch(claim.limit, claim.subject, max);
      const isExceeded = count.level + amount > max;
      if (!isExceeded) count.isShadowTold = false;
      count.open += 1;
      return { kind: 'bucket', claim, amount, max, isExceeded, count, step: fill(count, amount) };
    },
    undo({ count, amount }) {
      count.open -= 1;
      unfill(count, amount);
    },
    settle({ count, amount, step }, used) {
      count.open -= 1;
      drain(count, clock.monotonicMs());
      replace(count, step, { amount, used });
    },
    view({ claim, amount, max, isExceeded, count }, isTaken) {
      const { limit, subject } = claim;
      const resetMs = msToDrain(count, count.level);
      const excess = count.level + amount - max;
      const retryAfterMs = amount > max ? Math.max(resetMs, count.windowMs) : msToDrain(count, excess);
      const wait = isExceeded && !isTaken ? Math.max(1, retryAfterMs) : 0;
      return { limit, subject, max, used: count.level, resetMs, retryAfterMs: wait, isExceeded };
    },
    read(limit, subject) {
      const max = boundOf(limit, subject);
      const count = counts.find(limit.id, subject);
      if (count !== undefined) drain(count, clock.monotonicMs());
      const used = count?.level ?? 0;
      const resetMs = count === undefined ? 0 : msToDrain(count, used);
      return { limit, subject, max, used, resetMs, retryAfterMs: 0, isExceeded: used >= max };
    },
    size: counts.size,
  };
}

const HOUR_MS = 3_600_000;

function msToDrain({ max, windowMs }: BucketCount, amount: number): number {
  return amount <= 0 ? 0 : Math.ceil((amount * windowMs) / Math.max(1, max));
}
