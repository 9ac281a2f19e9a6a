import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { repeat } from './repeat.ts';
import { singleFlight } from './single-flight.ts';

export type KeyUsageDeps = {
  touchKeysUsed: RelationalStore['keys']['touchKeysUsed'];
  /** Hears with every flush from which addresses keys were used since the last one. Never waits and never throws. */
  noteAddresses?: (uses: readonly { keyId: string; ip: string }[]) => void;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type KeyUsage = {
  /** Notes a use in memory. Never waits and never throws. */
  note(keyId: string, ip: string): void;
  /** Writes what was noted so far. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
};

const FLUSH_MS = 5_000;
const KEYS_MAX = 50_000;
const BATCH = 1_000;
/** Uses between two flushes from other addresses than the last one of the same key. */
const OTHERS_MAX = 10_000;

/** When and from where each key was last used: kept in memory and written every few seconds, many at a time. */
export function openKeyUsage(deps: KeyUsageDeps): KeyUsage {
  const uses = new Map<string, { usedAtMs: number; ip: string }>();
  let others = new Map<string, { keyId: string; ip: string }>();
  let isDown = false;

  const tellAddresses = () => {
    if (deps.noteAddresses === undefined) return;
    const seen = [...others.values()];
    others = new Map();
    for (const [keyId, { ip }] of uses) seen.push({ keyId, ip });
    if (seen.length > 0) deps.noteAddresses(seen);
  };
  const writeAll = async () => {
    tellAddresses();
    while (uses.size > 0) {
      const batch = firstOf(uses, BATCH);
      try {
        await deps.touchKeysUsed(batch.map(([keyId, use]) => ({ keyId, ...use })));
        isDown = false;
      } catch (error) {
        if (!isDown) deps.onWarning('The last use of keys cannot be written; trying again.', error);
        isDown = true;
        return;
      }
      // A use noted while the batch was written is a newer value and stays.
      for (const [keyId, use] of batch) if (uses.get(keyId) === use) uses.delete(keyId);
    }
  };
  const once = singleFlight(writeAll);
  const flush = () => once(false);
  const stop = repeat(deps.schedule, FLUSH_MS, flush);
  return {
    note: (keyId, ip) => {
      // While the database is away, what does not fit is forgotten: memory stays bounded.
      const last = uses.get(keyId);
      if (last === undefined && uses.size >= KEYS_MAX) return;
      if (last !== undefined && last.ip !== ip && others.size < OTHERS_MAX)
        others.set(`${keyId} ${last.ip}`, { keyId, ip: last.ip });
      uses.set(keyId, { usedAtMs: deps.nowMs(), ip });
    },
    flush,
    close: async () => {
      stop();
      await flush();
    },
  };
}

function firstOf<Key, Value>(entries: ReadonlyMap<Key, Value>, count: number): [Key, Value][] {
  const first: [Key, Value][] = [];
  for (const entry of entries) {
    if (first.length === count) break;
    first.push(entry);
  }
  return first;
}
