import type { Clock, Schedule } from '@app/gateway';

export type FakeClock = {
  clock: Clock;
  schedule: Schedule;
  /** Moves time on and runs what falls due on the way, in order of its due time. */
  advance(byMs: number): void;
  /** Timers that wait. A call that is over must leave none. */
  pending(): number;
};

/** A clock that stands still until it is told to move. The monotonic reading starts at 0. */
export function createFakeClock(startedAtMs = Date.UTC(2026, 0, 31, 12)): FakeClock {
  let elapsedMs = 0;
  let count = 0;
  const timers = new Map<number, { dueMs: number; run: () => void }>();
  const next = (untilMs: number): number | undefined => {
    let found: number | undefined;
    let dueMs = untilMs;
    for (const [id, timer] of timers) {
      if (timer.dueMs > untilMs || (found !== undefined && timer.dueMs >= dueMs)) continue;
      found = id;
      dueMs = timer.dueMs;
    }
    return found;
  };
  return {
    clock: { nowMs: () => startedAtMs + elapsedMs, monotonicMs: () => elapsedMs },
    schedule: (delayMs, run) => {
      const id = count++;
      timers.set(id, { dueMs: elapsedMs + delayMs, run });
      return () => timers.delete(id);
    },
    advance(byMs) {
      const untilMs = elapsedMs + byMs;
      for (let id = next(untilMs); id !== undefined; id = next(untilMs)) {
        const timer = timers.get(id);
        timers.delete(id);
        elapsedMs = Math.max(elapsedMs, timer?.dueMs ?? elapsedMs);
        timer?.run();
      }
      elapsedMs = untilMs;
    },
    pending: () => timers.size,
  };
}
