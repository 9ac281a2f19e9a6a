import type { ChangeFeed } from './open-change-feeds.ts';
import type { Database } from './open-postgres.ts';
import { acknowledgeCredentialChanges } from './queries/acknowledge-credential-changes.ts';
import { countProviderCredentials } from './queries/count-provider-credentials.ts';
import { deleteProviderCredential } from './queries/delete-provider-credential.ts';
import { findCredentialSequence } from './queries/find-credential-sequence.ts';
import { findProviderCredential } from './queries/find-provider-credential.ts';
import { insertProviderCredential } from './queries/insert-provider-credential.ts';
import { listCredentialChanges } from './queries/list-credential-changes.ts';
import { listProviderCredentials } from './queries/list-provider-credentials.ts';
import { updateProviderCredential } from './queries/update-provider-credential.ts';
import { readAllChanges } from './read-all-changes.ts';

/** Providers' keys, and how servers follow them. */
export function credentialTables(postgres: Database, feed: ChangeFeed) {
  return {
    credentials: {
      insertProviderCredential: insertProviderCredential(postgres),
      updateProviderCredential: updateProviderCredential(postgres),
      deleteProviderCredential: deleteProviderCredential(postgres),
      findProviderCredential: findProviderCredential(postgres),
      listProviderCredentials: listProviderCredentials(postgres),
      countProviderCredentials: countProviderCredentials(postgres),
      listCredentialChanges: listCredentialChanges(postgres),
      findCredentialSequence: findCredentialSequence(postgres),
      readAllCredentials: () => readAllChanges(listCredentialChanges(postgres)),
      listenCredentialChanges: feed.listen,
      acknowledge: acknowledgeCredentialChanges(postgres),
      waitForAcknowledgement: feed.waitForAcknowledgement,
    },
  };
}
