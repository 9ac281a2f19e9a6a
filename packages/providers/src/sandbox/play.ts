/** One thing to do, `afterMs` milliseconds after the one before it. */
export type Step = { afterMs: number; run(): void };

/** Runs `run` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export type Playing = { pause(): void; resume(): void; cancel(): void };

/**
 * Runs the steps in order at their pace. The first is always scheduled, never run within this call, because its
 * caller does not yet hold what it needs to pause or cancel. While paused nothing runs; a step may pause or cancel.
 */
export function play(steps: Iterable<Step>, schedule: Schedule): Playing {
  const iterator = steps[Symbol.iterator]();
  let next = iterator.next();
  let cancelTimer: (() => void) | undefined;
  let isPaused = false;
  let isDue = false;
  let isRunning = false;
  let isOver = false;

  const wait = (ms: number): void => {
    cancelTimer = schedule(ms, () => {
      cancelTimer = undefined;
      isDue = true;
      run();
    });
  };
  // Steps without a delay run in this loop, not in a chain of calls that would overflow the stack.
  const run = (): void => {
    if (isRunning) return;
    isRunning = true;
    while (isDue && !isPaused && !isOver && !next.done) {
      next.value.run();
      next = iterator.next();
      isDue = next.done === true || next.value.afterMs <= 0;
    }
    isRunning = false;
    if (!isDue && cancelTimer === undefined && !isOver && !next.done) wait(next.value.afterMs);
  };

  if (!next.done) wait(next.value.afterMs);
  return {
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      run();
    },
    cancel() {
      isOver = true;
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
