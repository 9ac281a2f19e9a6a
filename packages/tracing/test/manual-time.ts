import type { Clock, Schedule } from '../src/environment.ts';

/** Time that stands still until it is told to pass. */
export function createManualTime(startMs = 1_760_000_000_000) {
  let nowMs = startMs;
  let due: { atMs: number; run: () => void }[] = [];
  const clock: Clock = { nowMs: () => nowMs };
  const schedule: Schedule = (delayMs, run) => {
    const entry = { atMs: nowMs + delayMs, run };
    due.push(entry);
    return () => {
      due = due.filter((other) => other !== entry);
    };
  };
  return {
    clock,
    schedule,
    /** How long each timer that waits still has. */
    waiting: () => due.map((entry) => entry.atMs - nowMs).sort((left, right) => left - right),
    /** Lets time pass and runs what falls due, in order. */
    pass(ms: number): void {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = due
          .filter((entry) => entry.atMs <= untilMs)
          .sort((left, right) => left.atMs - right.atMs)[0];
        if (next === undefined) break;
        due = due.filter((entry) => entry !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
