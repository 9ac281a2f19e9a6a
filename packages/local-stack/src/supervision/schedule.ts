import { setTimeout as delay } from 'node:timers/promises';

/** Time as supervision sees it; tests hand in their own. */
export interface Schedule {
  nowMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The real clock. A sleeping supervisor does not keep the process alive. */
export function createSchedule(): Schedule {
  return {
    nowMs: () => performance.now(),
    sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }).catch(() => undefined),
  };
}
