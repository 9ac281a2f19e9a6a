import type { Clock } from '../../ports.ts';
import { windowOf } from '../amounts.ts';
import type { Claim, Count, Limit } from '../limit.ts';
import { createBucketCounting } from './bucket-counting.ts';
import { createCalendarCounting } from './calendar-counting.ts';
import { createPlaceCounting } from './place-counting.ts';
import type { Slot } from './slot.ts';

export type Counts = {
  take(claim: Claim, amount: number): Slot;
  undo(slot: Slot): void;
  settle(slot: Slot, used: number): void;
  view(slot: Slot, isTaken: boolean): Count;
  read(limit: Limit, subject: string): Count;
  load(limitId: string, subject: string, total: { periodStartMs: number; used: number }): void;
  size(): number;
};

/** Counts of days and months in memory, which stay for as long: 300 bytes each. */
const COUNTS_MAX = 2_000_000;
const REST = '*';

/** The three kinds of count behind one set of functions. */
export function createCounts(clock: Clock, countsMax = COUNTS_MAX): Counts {
  const buckets = createBucketCounting(clock);
  const calendar = createCalendarCounting(clock);
  const places = createPlaceCounting();
  const countingOf = (limit: Limit) => {
    if (limit.measure === 'concurrency') return places;
    return windowOf(limit) === undefined ? calendar : buckets;
  };
  /** Whoever makes up names without end shares a count with all whose names are new, which never allows more. */
  const bounded = (claim: Claim): Claim => {
    const { limit, subject } = claim;
    const hasRoom = subject === '' || calendar.size() < countsMax || calendar.has(limit.id, subject);
    return hasRoom ? claim : { ...claim, subject: REST };
  };
  return {
    take(claim, amount) {
      const counting = countingOf(claim.limit);
      return counting === calendar ? calendar.take(bounded(claim), amount) : counting.take(claim, amount);
    },
    undo(slot) {
      if (slot.kind === 'bucket') buckets.undo(slot);
      else if (slot.kind === 'calendar') calendar.undo(slot);
      else places.undo(slot);
    },
    settle(slot, used) {
      if (slot.kind === 'bucket') buckets.settle(slot, used);
      else if (slot.kind === 'calendar') calendar.settle(slot, used);
      else places.settle(slot, used);
    },
    view(slot, isTaken) {
      if (slot.kind === 'bucket') return buckets.view(slot, isTaken);
      return slot.kind === 'calendar' ? calendar.view(slot, isTaken) : places.view(slot, isTaken);
    },
    read: (limit, subject) => countingOf(limit).read(limit, subject),
    load: calendar.load,
    size: () => buckets.size() + calendar.size() + places.size(),
  };
}
