import type { Store } from '@app/store';
import { ConfigError } from '../config/config-error.ts';
import { objectKeyOf } from '../objects/create-object-registry.ts';
import { loadInstallationSecrets } from '../secrets/installation-secret.ts';

/** What all servers of an installation share: the pepper of key digests, what signs sessions, what seals stored replies. */
export async function loadSharedSecrets(
  table: Store['secrets'],
  masterKey: Uint8Array,
  nowMs: number,
): Promise<{
  pepper: Buffer;
  session: string;
  responseKey: Buffer;
  objectKey: Buffer;
  inlineKeysKey: Buffer;
  credentialKey: Buffer;
  /** Seals where organizations' messages go. */
  destinationKey: Buffer;
  /** Seals the keys of audit chains, and signs their anchors. */
  auditKey: Buffer;
  /** Signs what is said about deletions. */
  receiptKey: Buffer;
}> {
  const loaded = await loadInstallationSecrets({ table, masterKey, nowMs });
  if (!loaded.ok) throw new ConfigError([loaded.problem]);
  return {
    pepper: loaded.secrets['key-pepper'],
    session: loaded.secrets['session-secret'].toString('base64url'),
    responseKey: loaded.secrets['response-key'],
    inlineKeysKey: loaded.secrets['inline-keys'],
    credentialKey: loaded.secrets['credential-key'],
    destinationKey: loaded.secrets['destination-key'],
    auditKey: loaded.secrets['audit-key'],
    receiptKey: loaded.secrets['receipt-key'],
    objectKey: objectKeyOf(loaded.secrets['key-pepper']),
  };
}
