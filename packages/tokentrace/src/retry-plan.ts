import type { Clock } from './clock.ts';

export type RetryPlan = {
  succeeded(): void;
  /** `afterMs` is what the server asked for. */
  failed(afterMs: number | undefined): void;
  /** The key was refused: asking again soon makes no sense. */
  rest(): void;
  nextAttemptMs(): number;
  isOpen(): boolean;
};

const FIRST_DELAY_MS = 500;
const DELAY_MS_MAX = 30_000;
const AFTER_MS_MAX = 300_000;
const REST_MS = 60_000;
/** So many failures in a row open the circuit: from then on there is one attempt per `DELAY_MS_MAX`. */
const FAILURES_MAX = 5;

/** When the next attempt may be: with growing, spread pauses after failures, and not before the server wants it. */
export function createRetryPlan({ clock, random }: { clock: Clock; random(): number }): RetryPlan {
  let failures = 0;
  let nextMs = 0;
  let isDirected = false;

  return {
    succeeded() {
      failures = 0;
      nextMs = 0;
      isDirected = false;
    },
    failed(afterMs) {
      failures += 1;
      const delayMs = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (failures - 1));
      const askedMs = Math.min(AFTER_MS_MAX, afterMs ?? 0);
      isDirected = askedMs > 0;
      nextMs = clock.nowMs() + Math.max(askedMs, delayMs * (0.5 + random() / 2));
    },
    rest() {
      isDirected = true;
      nextMs = clock.nowMs() + REST_MS;
    },
    nextAttemptMs: () => nextMs,
    isOpen: () => (failures >= FAILURES_MAX || isDirected) && clock.nowMs() < nextMs,
  };
}
