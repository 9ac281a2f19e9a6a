import type { Clock } from '../../ports.ts';
import { safeClaim, safeFloor, safeUsed } from '../amounts.ts';
import type { Claim, Count, Hold, Limit, LimitStore, TellNews } from '../limit.ts';
import type { JournalClaim, LimitJournal } from '../limit-journal.ts';
import { createCountNews } from './create-count-news.ts';
import { type Counts, createCounts } from './create-counts.ts';
import type { Slot } from './slot.ts';

export type MemoryLimits = LimitStore & {
  /** What a day's or month's count had before this process began. Of two totals of one period, the larger counts. */
  load(limitId: string, subject: string, total: { periodStartMs: number; used: number }): void;
  /** How a count stands now, for pages. */
  read(limit: Limit, subject: string): Count;
  /** Counts in memory: those that are empty are forgotten as others are used. */
  size(): number;
};

export type MemoryLimitsDeps = {
  clock: Clock;
  tell?: TellNews;
  journal?: LimitJournal;
  /** Counts of days and months; beyond them those of new names under a scope of `*` share one. */
  countsMax?: number;
};

/** The counts of one process. `reserve` answers before it returns. */
export function createMemoryLimits({
  clock: givenClock,
  tell,
  journal,
  countsMax,
}: MemoryLimitsDeps): MemoryLimits {
  const { clock, look } = createStoppedClock(givenClock);
  const counts = createCounts(clock, countsMax);
  const news = tell === undefined ? undefined : createCountNews(tell, clock);
  let holds = 0;
  const isOurs = (hold: Hold): hold is MemoryHold => 'counts' in hold && hold.counts === counts;
  const takeBack = (slots: readonly Slot[]): Count[] => {
    // In reverse, so that each finds its count as it left it.
    for (const slot of slots.toReversed()) counts.undo(slot);
    for (const slot of slots) if (isRefused(slot)) news?.refused(slot);
    return slots.map((slot) => counts.view(slot, false));
  };
  const hold = (claims: readonly Claim[], slots: readonly Slot[]): MemoryHold => {
    holds += 1;
    if (news !== undefined) for (const slot of slots) news.taken(slot);
    if (journal !== undefined) {
      const journaled = listJournalClaims(slots);
      if (journaled.length > 0) journal.reserved(holds, journaled);
    }
    return { claims, counts, slots, id: holds, isSettled: false };
  };
  return {
    reserve(claims, done) {
      look();
      const slots = claims.map((claim) => counts.take(claim, safeClaim(claim.amount)));
      if (slots.some(isRefused)) {
        done({ kind: 'refused', counts: takeBack(slots) });
      } else {
        const held = hold(claims, slots);
        done({ kind: 'taken', hold: held, counts: slots.map((slot) => counts.view(slot, true)) });
      }
    },
    settle(held, used) {
      if (!isOurs(held) || held.isSettled) return;
      held.isSettled = true;
      look();
      for (const [at, slot] of held.slots.entries()) {
        counts.settle(slot, safeUsed(used[at], slot.amount));
        news?.settled(slot);
      }
      if (journal === undefined) return;
      const journaled = listJournalClaims(held.slots);
      if (journaled.length > 0) journal.settled(held.id, journaled, listJournalUse(held.slots, used));
    },
    load(limitId, subject, total) {
      look();
      counts.load(limitId, subject, total);
    },
    read(limit, subject) {
      look();
      return counts.read(limit, subject);
    },
    size: counts.size,
  };
}

type MemoryHold = Hold & {
  readonly counts: Counts;
  readonly slots: readonly Slot[];
  readonly id: number;
  isSettled: boolean;
};

/** Shows the time of the last look: one step happens at one moment, and looking costs as much as counting does. */
function createStoppedClock(given: Clock): { clock: Clock; look: () => void } {
  let nowMs = given.nowMs();
  let monotonicMs = given.monotonicMs();
  return {
    clock: { nowMs: () => nowMs, monotonicMs: () => monotonicMs },
    look() {
      nowMs = given.nowMs();
      monotonicMs = given.monotonicMs();
    },
  };
}

function isRefused({ claim, isExceeded }: Slot): boolean {
  return isExceeded && claim.limit.enforcement === 'enforce';
}

function listJournalClaims(slots: readonly Slot[]): JournalClaim[] {
  const found: JournalClaim[] = [];
  for (const { kind, claim, amount, count } of slots) {
    if (kind !== 'calendar') continue;
    const floor = safeFloor(claim.floor, amount);
    const { periodStartMs } = count;
    found.push({ limitId: claim.limit.id, subject: claim.subject, periodStartMs, amount, floor });
  }
  return found;
}

/** What was used of those claims, as it was counted. */
function listJournalUse(slots: readonly Slot[], used: readonly number[]): number[] {
  const found: number[] = [];
  for (const [at, slot] of slots.entries()) {
    if (slot.kind === 'calendar') found.push(safeUsed(used[at], slot.amount));
  }
  return found;
}
