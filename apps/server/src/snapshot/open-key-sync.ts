import type { Principal, Schedule } from '@app/gateway';
import type { KeyChange, RelationalStore } from '@app/store';
import { createKeyIndex } from './create-key-index.ts';
import { repeat } from './repeat.ts';
import { singleFlight } from './single-flight.ts';

export type KeySyncDeps = {
  keys: Pick<
    RelationalStore['keys'],
    'readAllKeys' | 'listKeyChanges' | 'findKeySequence' | 'listenKeyChanges' | 'acknowledge' | 'deleteServer'
  >;
  /** Names this process among the live servers. */
  serverId: string;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type KeySync = {
  findPrincipal(digest: string): Principal | undefined;
  size(): number;
  /** The number of the newest change that is applied here. */
  sequence(): number;
  /** Stops following, and says that this server need not be waited for any more. */
  close(): Promise<void>;
};

/** The net below notifications, and the sign that this server lives: three times within the ten seconds that count. */
const POLL_MS = 3_000;
const PAGE = 1_000;

/**
 * Loads all keys, then follows their changes: each is applied, then acknowledged, so that who made it can wait for
 * us. Rejects when the first load fails; after that a database that is away only delays changes.
 */
export async function openKeySync({ keys, serverId, schedule, onWarning }: KeySyncDeps): Promise<KeySync> {
  let held = await loadAll(keys);
  let isClosed = false;
  let isDown = false;

  const catchUp = async (afterGap: boolean) => {
    // A database that was put back to an earlier state counts from there: what we hold may never have happened.
    if (afterGap && (await keys.findKeySequence()) < held.sequence) held = await loadAll(keys);
    for (;;) {
      const page = await keys.listKeyChanges({ since: held.sequence, limit: PAGE });
      apply(held, page);
      if (page.length < PAGE) break;
    }
    await keys.acknowledge({ serverId, sequence: held.sequence });
  };
  const follow = singleFlight(async (afterGap) => {
    if (isClosed) return;
    try {
      await catchUp(afterGap);
      isDown = false;
    } catch (error) {
      if (!isDown)
        onWarning('Key changes cannot be read; calls are served with the keys known so far.', error);
      isDown = true;
    }
  });

  await catchUp(false);
  const unsubscribe = keys.listenKeyChanges({
    onSequence: (changed) => {
      if (changed > held.sequence) void follow(false);
    },
    onGap: () => void follow(true),
  });
  const stopPolling = repeat(schedule, POLL_MS, () => follow(false));
  return {
    findPrincipal: (digest) => held.index.find(digest),
    size: () => held.index.size(),
    sequence: () => held.sequence,
    close: async () => {
      isClosed = true;
      stopPolling();
      unsubscribe();
      await follow(false);
      await keys.deleteServer({ serverId }).catch(() => undefined);
    },
  };
}

type Held = { index: ReturnType<typeof createKeyIndex>; sequence: number };

async function loadAll(keys: KeySyncDeps['keys']): Promise<Held> {
  const held: Held = { index: createKeyIndex(), sequence: 0 };
  for await (const page of keys.readAllKeys()) apply(held, page);
  return held;
}

function apply(held: Held, changes: readonly KeyChange[]): void {
  for (const change of changes) {
    held.index.apply(change);
    held.sequence = Math.max(held.sequence, change.sequence);
  }
}
