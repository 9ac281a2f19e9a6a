/** Epoch milliseconds with a fraction. */
export type Clock = { nowMs(): number };

/** Runs something later without keeping the app alive for it; what comes back calls it off. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

const DRIFT_MS_MAX = 50;

/** The wall clock with the fine steps of the monotonic one, set right again when the two part, as after a sleep. */
export function createSystemClock(): Clock {
  let anchorMs = Date.now() - performance.now();
  return {
    nowMs() {
      const nowMs = anchorMs + performance.now();
      const wallMs = Date.now();
      if (Math.abs(wallMs - nowMs) < DRIFT_MS_MAX) return Math.max(0, Math.round(nowMs * 1000) / 1000);
      anchorMs = wallMs - performance.now();
      return wallMs;
    },
  };
}

export const schedule: Schedule = (delayMs, run) => {
  const timer: unknown = setTimeout(run, delayMs);
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
};
