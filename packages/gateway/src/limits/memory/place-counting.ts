import { boundOf } from '../amounts.ts';
import { createCountMap } from '../count-map.ts';
import { type Counting, type PlaceCount, RETRY_SOON_MS } from './slot.ts';

/** Calls under way. They end with this process, so nothing here needs a lease. */
export function createPlaceCounting(): Counting<'places'> {
  const counts = createCountMap<PlaceCount>((count) => count.taken === 0);
  return {
    take(claim, amount) {
      const { limit, subject } = claim;
      const max = boundOf(limit, subject);
      counts.sweep(0);
      let count = counts.find(limit.id, subject);
      if (count === undefined) {
        count = { taken: 0, isShadowTold: false };
        counts.set(limit.id, subject, count);
      }
      const isExceeded = count.taken + amount > max;
      if (!isExceeded) count.isShadowTold = false;
      count.taken += amount;
      return { kind: 'places', claim, amount, max, isExceeded, count };
    },
    undo({ count, amount }) {
      count.taken -= amount;
    },
    // Whatever a call used, its place is free when it ends.
    settle({ count, amount }) {
      count.taken -= amount;
    },
    view({ claim, max, isExceeded, count }, isTaken) {
      const { limit, subject } = claim;
      const retryAfterMs = isExceeded && !isTaken ? RETRY_SOON_MS : 0;
      return { limit, subject, max, used: count.taken, resetMs: 0, retryAfterMs, isExceeded };
    },
    read(limit, subject) {
      const max = boundOf(limit, subject);
      const used = counts.find(limit.id, subject)?.taken ?? 0;
      return { limit, subject, max, used, resetMs: 0, retryAfterMs: 0, isExceeded: used >= max };
    },
    size: counts.size,
  };
}
