import { GatewayError } from '@app/protocol';

/** How much each key has sent in the last minute. */
export type IngestRates = {
  /** Takes one request of this key, or says why there is no room for it now. */
  admit(key: { keyId: string; requestsPerMinuteMax: number }): GatewayError | undefined;
  /** What a request that was admitted turned out to hold. It is counted after it was read, so one batch may go beyond. */
  charge(keyId: string, used: { spans: number; bytes: number }): void;
};

export type IngestRatesOptions = {
  spansPerMinuteMax: number;
  bytesPerMinuteMax: number;
  nowMs: () => number;
};

/** Levels that drain evenly, in units. */
type Levels = { requests: number; spans: number; bytes: number; atMs: number };

const MINUTE_MS = 60_000;
/** With more keys than this in one minute, those that have drained are forgotten. */
const SWEEP_KEYS = 10_000;

export function createIngestRates({ nowMs, ...max }: IngestRatesOptions): IngestRates {
  const limits = { spans: max.spansPerMinuteMax, bytes: max.bytesPerMinuteMax };
  const byKey = new Map<string, Levels>();
  let sweepAt = SWEEP_KEYS;

  function levelsOf(keyId: string, requestsMax: number): Levels {
    const now = nowMs();
    const levels = byKey.get(keyId) ?? { requests: 0, spans: 0, bytes: 0, atMs: now };
    const part = Math.max(0, now - levels.atMs) / MINUTE_MS;
    levels.atMs = Math.max(now, levels.atMs);
    levels.requests = drained(levels.requests, part * requestsMax);
    levels.spans = drained(levels.spans, part * max.spansPerMinuteMax);
    levels.bytes = drained(levels.bytes, part * max.bytesPerMinuteMax);
    byKey.set(keyId, levels);
    return levels;
  }

  function sweep(): void {
    if (byKey.size < sweepAt) return;
    const since = nowMs() - MINUTE_MS;
    for (const [keyId, { atMs }] of byKey) if (atMs < since) byKey.delete(keyId);
    sweepAt = Math.max(SWEEP_KEYS, byKey.size * 2);
  }

  return {
    admit: ({ keyId, requestsPerMinuteMax }) => {
      sweep();
      const levels = levelsOf(keyId, requestsPerMinuteMax);
      if (levels.requests + 1 > requestsPerMinuteMax) {
        const message = `This key may send ${requestsPerMinuteMax} batches per minute. Send fewer and larger ones.`;
        return exceeded(message, (levels.requests + 1 - requestsPerMinuteMax) / requestsPerMinuteMax);
      }
      const beyond = (['spans', 'bytes'] as const)
        .map((unit) => ({ unit, limit: limits[unit], minutes: levels[unit] / limits[unit] - 1 }))
        .filter(({ minutes }) => minutes >= 0)
        .toSorted((a, b) => b.minutes - a.minutes)[0];
      if (beyond !== undefined) {
        const { unit, limit, minutes } = beyond;
        return exceeded(`This key may send ${limit} ${unit} per minute.`, minutes);
      }
      levels.requests += 1;
      return undefined;
    },
    charge: (keyId, used) => {
      const levels = byKey.get(keyId);
      if (levels === undefined) return;
      levels.spans += used.spans;
      levels.bytes += used.bytes;
    },
  };
}

function drained(level: number, by: number): number {
  // No limit drains everything, and at once; not a number when no time has passed.
  return Number.isNaN(by) ? 0 : Math.max(0, level - by);
}

function exceeded(message: string, minutes: number): GatewayError {
  const retryAfterS = Math.min(59, Math.max(1, Math.ceil(minutes * 60)));
  return new GatewayError('rate_limit_exceeded', message, { retryAfterS });
}
