import type { Log } from '../log.ts';
import { alertTables } from './alert-tables.ts';
import { anomalyTables } from './anomaly-tables.ts';
import { auditTables } from './audit-tables.ts';
import { credentialTables } from './credential-tables.ts';
import { destinationTables } from './destination-tables.ts';
import { limitTables } from './limit-tables.ts';
import { limitUsageTables } from './limit-usage-tables.ts';
import { memberTables } from './member-tables.ts';
import { openChangeFeeds } from './open-change-feeds.ts';
import type { Postgres } from './open-postgres.ts';
import { acknowledgeKeyChanges } from './queries/acknowledge-key-changes.ts';
import { chargeProviderObject } from './queries/charge-provider-object.ts';
import { consumeSetupLink } from './queries/consume-setup-link.ts';
import { deleteExpiredInlineKeys } from './queries/delete-expired-inline-keys.ts';
import { deleteProviderObject } from './queries/delete-provider-object.ts';
import { deleteServer } from './queries/delete-server.ts';
import { findInstallationSecret } from './queries/find-installation-secret.ts';
import { findKey } from './queries/find-key.ts';
import { findKeyByDigest } from './queries/find-key-by-digest.ts';
import { findKeySequence } from './queries/find-key-sequence.ts';
import { findKeyToChange } from './queries/find-key-to-change.ts';
import { findProviderFiles } from './queries/find-provider-files.ts';
import { findProviderObject } from './queries/find-provider-object.ts';
import { insertInlineKey } from './queries/insert-inline-key.ts';
import { insertInstallationSecret } from './queries/insert-installation-secret.ts';
import { insertKey } from './queries/insert-key.ts';
import { insertSetupLink } from './queries/insert-setup-link.ts';
import { isSetupLinkOpen } from './queries/is-setup-link-open.ts';
import { listInlineKeys } from './queries/list-inline-keys.ts';
import { listInstallationSecrets } from './queries/list-installation-secrets.ts';
import { listKeyChanges } from './queries/list-key-changes.ts';
import { listKeys } from './queries/list-keys.ts';
import { listProviderObjects } from './queries/list-provider-objects.ts';
import { promoteInstallationSecrets } from './queries/promote-installation-secrets.ts';
import { releaseSetupLink } from './queries/release-setup-link.ts';
import { revokeKey } from './queries/revoke-key.ts';
import { rotateKey } from './queries/rotate-key.ts';
import { touchKeysUsed } from './queries/touch-keys-used.ts';
import { updateKey } from './queries/update-key.ts';
import { upsertInstallationSecret } from './queries/upsert-installation-secret.ts';
import { upsertInstallationSecrets } from './queries/upsert-installation-secrets.ts';
import { upsertProviderObject } from './queries/upsert-provider-object.ts';
import { readAllChanges } from './read-all-changes.ts';
import { remappingTables } from './remapping-tables.ts';
import { repricingTables } from './repricing-tables.ts';
import { responseTables } from './response-tables.ts';
import { retentionTables } from './retention-tables.ts';
import { securityTables } from './security-tables.ts';
import { signInTables } from './sign-in-tables.ts';
import { tenantTables } from './tenant-tables.ts';

export type Tables = ReturnType<typeof openTables>;

/** PostgreSQL's queries by noun. The first argument is the project, organization or user where there is one. */
export function openTables(postgres: Postgres, log: Log) {
  const feeds = openChangeFeeds(postgres, log);
  return {
    keys: {
      insertKey: insertKey(postgres),
      revokeKey: revokeKey(postgres),
      findKey: findKey(postgres),
      findKeyByDigest: findKeyByDigest(postgres),
      findKeyToChange: findKeyToChange(postgres),
      rotateKey: rotateKey(postgres),
      updateKey: updateKey(postgres),
      listKeys: listKeys(postgres),
      touchKeysUsed: touchKeysUsed(postgres),
      listKeyChanges: listKeyChanges(postgres),
      findKeySequence: findKeySequence(postgres),
      readAllKeys: () => readAllChanges(listKeyChanges(postgres)),
      listenKeyChanges: feeds.keys.listen,
      acknowledge: acknowledgeKeyChanges(postgres),
      waitForAcknowledgement: feeds.keys.waitForAcknowledgement,
      deleteServer: deleteServer(postgres),
    },
    ...tenantTables(postgres),
    ...memberTables(postgres),
    secrets: {
      insertInstallationSecret: insertInstallationSecret(postgres),
      upsertInstallationSecret: upsertInstallationSecret(postgres),
      findInstallationSecret: findInstallationSecret(postgres),
      listInstallationSecrets: listInstallationSecrets(postgres),
      upsertInstallationSecrets: upsertInstallationSecrets(postgres),
      promoteInstallationSecrets: promoteInstallationSecrets(postgres),
    },
    inlineKeys: {
      insertInlineKey: insertInlineKey(postgres),
      listInlineKeys: listInlineKeys(postgres),
      deleteExpiredInlineKeys: deleteExpiredInlineKeys(postgres),
    },
    objects: {
      chargeProviderObject: chargeProviderObject(postgres),
      deleteProviderObject: deleteProviderObject(postgres),
      findProviderFiles: findProviderFiles(postgres),
      findProviderObject: findProviderObject(postgres),
      listProviderObjects: listProviderObjects(postgres),
      upsertProviderObject: upsertProviderObject(postgres),
    },
    setup: {
      insertSetupLink: insertSetupLink(postgres),
      consumeSetupLink: consumeSetupLink(postgres),
      isSetupLinkOpen: isSetupLinkOpen(postgres),
      releaseSetupLink: releaseSetupLink(postgres),
    },
    ...auditTables(postgres),
    ...alertTables(postgres),
    ...anomalyTables(postgres),
    ...limitTables(postgres, feeds.limits),
    ...credentialTables(postgres, feeds.credentials),
    ...limitUsageTables(postgres),
    ...destinationTables(postgres),
    ...repricingTables(postgres),
    ...remappingTables(postgres),
    ...responseTables(postgres),
    ...retentionTables(postgres, feeds),
    ...securityTables(postgres),
    ...signInTables(postgres),
    closeFeed: feeds.close,
  };
}
