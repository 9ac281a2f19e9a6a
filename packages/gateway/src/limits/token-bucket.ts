import type { Clock } from '../ports.ts';

export type Take = {
  ok: boolean;
  /** Whole requests left after this one. */
  remaining: number;
  /** Milliseconds until the bucket is full again. */
  resetMs: number;
  /** Milliseconds until one more request fits; 0 when it was taken. */
  retryAfterMs: number;
};

export type TokenBucket = {
  /** Takes one request from `key`'s bucket, which holds `perMinuteMax` and refills evenly over a minute. */
  take(key: string, perMinuteMax: number): Take;
  /** Keys in memory, for tests and metrics. */
  size(): number;
};

/**
 * Requests per minute, by key. A bucket is one number, the time at which it is full again (the generic cell rate
 * algorithm), so a full bucket needs no memory: each take also looks at two others and drops those that are full.
 */
export function createTokenBucket(clock: Clock): TokenBucket {
  const fullAtMs = new Map<string, number>();
  let sweep = fullAtMs.entries();
  const dropFull = (nowMs: number): void => {
    for (let looked = 0; looked < SWEPT_PER_TAKE; looked++) {
      const entry = sweep.next();
      if (entry.done === true) {
        sweep = fullAtMs.entries();
        return;
      }
      if (entry.value[1] <= nowMs) fullAtMs.delete(entry.value[0]);
    }
  };
  return {
    take(key, perMinuteMax) {
      const nowMs = clock.monotonicMs();
      dropFull(nowMs);
      if (perMinuteMax === Infinity) return { ok: true, remaining: Infinity, resetMs: 0, retryAfterMs: 0 };
      if (!(perMinuteMax > 0))
        return { ok: false, remaining: 0, resetMs: WINDOW_MS, retryAfterMs: WINDOW_MS };
      const spacingMs = WINDOW_MS / perMinuteMax;
      const startMs = Math.max(fullAtMs.get(key) ?? nowMs, nowMs);
      const nextMs = startMs + spacingMs;
      const excessMs = nextMs - nowMs - WINDOW_MS;
      // A bucket of one and the sum of many spacings differ by rounding only.
      if (excessMs > ROUNDING_MS) {
        return { ok: false, remaining: 0, resetMs: startMs - nowMs, retryAfterMs: excessMs };
      }
      fullAtMs.set(key, nextMs);
      const remaining = Math.max(0, Math.floor((-excessMs + ROUNDING_MS) / spacingMs));
      return { ok: true, remaining, resetMs: nextMs - nowMs, retryAfterMs: 0 };
    },
    size: () => fullAtMs.size,
  };
}

const WINDOW_MS = 60_000;
const SWEPT_PER_TAKE = 2;
const ROUNDING_MS = 0.001;
