import type { Principal, Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { createKeyIndex } from './create-key-index.ts';
import { openChangeSync } from './open-change-sync.ts';

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

/** All keys in memory, followed as they change. Rejects when the first load fails. */
export async function openKeySync({ keys, serverId, schedule, onWarning }: KeySyncDeps): Promise<KeySync> {
  const sync = await openChangeSync({
    source: {
      readAll: keys.readAllKeys,
      listChanges: keys.listKeyChanges,
      findSequence: keys.findKeySequence,
      listen: keys.listenKeyChanges,
      acknowledge: keys.acknowledge,
    },
    createIndex: createKeyIndex,
    serverId,
    schedule,
    onAway: (error) =>
      onWarning('Key changes cannot be read; calls are served with the keys known so far.', error),
  });
  return {
    findPrincipal: (digest) => sync.index().find(digest),
    size: () => sync.index().size(),
    sequence: sync.sequence,
    close: async () => {
      await sync.close();
      await keys.deleteServer({ serverId }).catch(() => undefined);
    },
  };
}
