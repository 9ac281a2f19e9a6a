import type { Schedule } from '@app/gateway';
import type { KeyAddress, RelationalStore } from '@app/store';
import { repeat } from '../snapshot/repeat.ts';
import { singleFlight } from '../snapshot/single-flight.ts';
import { addressRangeOf } from './address-range-of.ts';

export type AddressWatchDeps = {
  noteKeyAddresses: RelationalStore['alerts']['noteKeyAddresses'];
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type AddressWatch = {
  /** From where keys were used lately. Never waits and never throws. */
  note(uses: readonly { keyId: string; ip: string }[]): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

const FLUSH_MS = 5_000;
const BATCH = 1_000;
/** What waits while PostgreSQL is away; beyond it uses are forgotten. */
const WAITING_MAX = 50_000;
/** Ranges of keys that were written lately, so that what is seen with every flush costs no statement. */
const KNOWN_MAX = 200_000;
/** So often it is written when a range was used last. */
const KNOWN_MS = 3_600_000;
/** In its first day a key makes itself known. */
const LEARNING_MS = 86_400_000;

/** Keeps from which networks each key was used, a few seconds behind the calls. */
export function openAddressWatch(deps: AddressWatchDeps): AddressWatch {
  let known = new Map<string, number>();
  const waiting = new Map<string, KeyAddress>();
  let isAway = false;

  const flush = singleFlight(async () => {
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, BATCH);
      try {
        const addresses = batch.map(([, address]) => address);
        await deps.noteKeyAddresses({ addresses, learningMs: LEARNING_MS });
        isAway = false;
      } catch (error) {
        if (!isAway) deps.onWarning('From where keys are used cannot be written; trying again.', error);
        isAway = true;
        return;
      }
      for (const [name] of batch) waiting.delete(name);
    }
  });
  const stop = repeat(deps.schedule, FLUSH_MS, () => flush(false));
  return {
    note: (uses) => {
      const atMs = deps.nowMs();
      for (const { keyId, ip } of uses) {
        const range = addressRangeOf(ip);
        if (range === undefined) continue;
        const name = `${keyId} ${range}`;
        if (atMs - (known.get(name) ?? Number.NEGATIVE_INFINITY) < KNOWN_MS || waiting.has(name)) continue;
        if (waiting.size >= WAITING_MAX) continue;
        if (known.size >= KNOWN_MAX) known = new Map();
        known.set(name, atMs);
        waiting.set(name, { keyId, range, ip, atMs });
      }
    },
    flush: () => flush(false),
    close: async () => {
      stop();
      await flush(false);
    },
  };
}
