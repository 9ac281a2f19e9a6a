import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { type ChangeSync, openChangeSync } from '../snapshot/open-change-sync.ts';
import {
  type CredentialIndex,
  type CredentialIndexDeps,
  createCredentialIndex,
} from './create-credential-index.ts';

export type CredentialSyncDeps = CredentialIndexDeps & {
  credentials: Pick<
    RelationalStore['credentials'],
    | 'readAllCredentials'
    | 'listCredentialChanges'
    | 'findCredentialSequence'
    | 'listenCredentialChanges'
    | 'acknowledge'
  >;
  /** Names this process among the live servers. */
  serverId: string;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

/** All providers' keys in memory, followed as they change. Rejects when the first load fails. */
export function openCredentialSync(deps: CredentialSyncDeps): Promise<ChangeSync<CredentialIndex>> {
  const { credentials, serverId, schedule, onWarning } = deps;
  return openChangeSync({
    source: {
      readAll: credentials.readAllCredentials,
      listChanges: credentials.listCredentialChanges,
      findSequence: credentials.findCredentialSequence,
      listen: credentials.listenCredentialChanges,
      acknowledge: credentials.acknowledge,
    },
    createIndex: () => createCredentialIndex(deps),
    serverId,
    schedule,
    onAway: (error) =>
      onWarning("Changes of providers' keys cannot be read; calls go on with the keys known so far.", error),
  });
}
