import type { Outcome } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { providerKeysFault } from './provider-keys-fault.ts';

/** Bounds on the work that one API key, and all together, can cause with envelopes. */
export type OpeningLimits = {
  /** Opened at once: the threads that do it have other work too. */
  runningMax: number;
  waitingMax: number;
  /** Of one API key, running and waiting. */
  ofKeyMax: number;
  /** Envelopes of one API key that did not open, within a minute; then none of its is looked at until the minute is over. */
  failuresPerMinuteMax: number;
};

export const openingDefaults: OpeningLimits = {
  runningMax: 2,
  waitingMax: 512,
  ofKeyMax: 128,
  failuresPerMinuteMax: 30,
};

/** Runs one opening when its turn comes. A refusal comes at once. */
export type OpeningQueue = <T>(keyId: string, open: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;

const MINUTE_MS = 60_000;
const FAILED_KEYS_MAX = 10_000;

/** Opens envelopes a few at a time, and not for long those of a key whose envelopes never open. */
export function createOpeningQueue(limits: OpeningLimits, nowMs: () => number): OpeningQueue {
  const waiting: (() => void)[] = [];
  const ofKey = new Map<string, number>();
  const failures = createFailures(limits, nowMs);
  let running = 0;
  const turn = (): Promise<void> | undefined => {
    if (running < limits.runningMax) {
      running += 1;
      return undefined;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  /** A place that somebody waits for goes on to them. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (keyId, open) => {
    const held = ofKey.get(keyId) ?? 0;
    const refusal = failures.find(keyId);
    if (refusal !== undefined) return { ok: false, error: refusal };
    if (held >= limits.ofKeyMax || waiting.length >= limits.waitingMax) return { ok: false, error: busy() };
    ofKey.set(keyId, held + 1);
    try {
      await turn();
      try {
        // Many of the same key may have waited while the first of them failed.
        const late = failures.find(keyId);
        if (late !== undefined) return { ok: false, error: late };
        const opened = await open();
        if (!opened.ok) failures.note(keyId);
        return opened;
      } finally {
        leave();
      }
    } finally {
      const left = (ofKey.get(keyId) ?? 1) - 1;
      if (left === 0) ofKey.delete(keyId);
      else ofKey.set(keyId, left);
    }
  };
}

function createFailures({ failuresPerMinuteMax }: OpeningLimits, nowMs: () => number) {
  const failed = new Map<string, { sinceMs: number; count: number }>();
  const current = (keyId: string) => {
    const found = failed.get(keyId);
    return found !== undefined && nowMs() - found.sinceMs < MINUTE_MS ? found : undefined;
  };
  return {
    find: (keyId: string): GatewayError | undefined => {
      const found = current(keyId);
      if (found === undefined || found.count < failuresPerMinuteMax) return undefined;
      const seconds = Math.ceil((found.sinceMs + MINUTE_MS - nowMs()) / 1_000);
      return tooManyFailures(Math.min(59, Math.max(1, seconds)));
    },
    note: (keyId: string): void => {
      const found = current(keyId) ?? { sinceMs: nowMs(), count: 0 };
      found.count += 1;
      failed.delete(keyId);
      failed.set(keyId, found);
      const [oldest] = failed.keys();
      if (failed.size > FAILED_KEYS_MAX && oldest !== undefined) failed.delete(oldest);
    },
  };
}

function tooManyFailures(retryAfterS: number): GatewayError {
  const { message } = providerKeysFault(
    'did not open too often with this API key: fetch the public key again, and wait before the next call',
  );
  return new GatewayError('rate_limit_exceeded', message, { retryAfterS });
}

function busy(): GatewayError {
  const message = 'Too many envelopes of provider keys wait to be opened. Try again soon.';
  return new GatewayError('overloaded', message, { retryAfterS: 1 });
}
