import type { Clock } from './environment.ts';
import type { SealedSegment } from './segment-shelf.ts';

/** Why a segment was not loaded: the trace store said no, or the segment could not be read. */
export type LoadFault = 'store' | 'segment';

/** Says which segment is next, and when. */
export type SegmentQueue = {
  /** The due segment that failed least often, the oldest of those. */
  next(): SealedSegment | undefined;
  /** The one that would be next if this one were done. */
  after(id: string): SealedSegment | undefined;
  /** Milliseconds until a segment is due; nothing when none waits. */
  waitMs(): number | undefined;
  loaded(id: string): void;
  /** True when there is no hope left in this segment and it should be set aside. */
  failed(id: string, fault: LoadFault): boolean;
  /** Forgets all waiting times. */
  hurry(): void;
};

export type RetryLimits = {
  backOffMsMin: number;
  backOffMsMax: number;
  /** A segment that cannot be read is given up after so many tries. */
  unreadableTriesMax: number;
  /** A segment that the store refuses for so long, while it takes others, is given up. */
  refusedMsMax: number;
};

type Failing = { tries: number; firstAtMs: number; notBeforeMs: number; loadsBefore: number };

export function createSegmentQueue(deps: {
  list: () => SealedSegment[];
  clock: Clock;
  limits: RetryLimits;
}): SegmentQueue {
  const { clock, limits } = deps;
  const failing = new Map<string, Failing>();
  let loads = 0;
  /** Failures since the last success: with the store down, one segment's tries are enough. */
  let streak = 0;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const backOffMs = (tries: number) =>
    Math.min(limits.backOffMsMax, limits.backOffMsMin * 2 ** Math.min(tries - 1, 30));
  const dueAtMs = (id: string) => Math.max(pausedUntilMs, failing.get(id)?.notBeforeMs ?? pausedUntilMs);
  const triesOf = (id: string) => failing.get(id)?.tries ?? 0;

  function listDue(): SealedSegment[] {
    const nowMs = clock.nowMs();
    const due = deps.list().filter(({ id }) => dueAtMs(id) <= nowMs);
    return due.sort((left, right) => triesOf(left.id) - triesOf(right.id));
  }

  return {
    next: () => listDue()[0],
    after: (given) => listDue().find(({ id }) => id !== given),
    waitMs() {
      const dues = deps.list().map(({ id }) => dueAtMs(id));
      return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - clock.nowMs());
    },
    loaded(id) {
      failing.delete(id);
      loads += 1;
      streak = 0;
      pausedUntilMs = Number.NEGATIVE_INFINITY;
    },
    failed(id, fault) {
      const nowMs = clock.nowMs();
      const before = failing.get(id) ?? { tries: 0, firstAtMs: nowMs, loadsBefore: loads };
      const tries = before.tries + 1;
      failing.set(id, { ...before, tries, notBeforeMs: nowMs + backOffMs(tries) });
      if (fault === 'store') {
        streak += 1;
        pausedUntilMs = nowMs + backOffMs(streak);
      }
      const isHopeless =
        fault === 'segment'
          ? tries >= limits.unreadableTriesMax
          : nowMs - before.firstAtMs >= limits.refusedMsMax && loads > before.loadsBefore;
      if (isHopeless) failing.delete(id);
      return isHopeless;
    },
    hurry() {
      pausedUntilMs = Number.NEGATIVE_INFINITY;
      for (const entry of failing.values()) entry.notBeforeMs = Number.NEGATIVE_INFINITY;
    },
  };
}
