import { Secret } from '@app/providers';
import type { StoredCredential } from '@app/store';
import { seal, unseal } from '../secrets/seal.ts';

/** Whose secret it is, and where it may go: a row that says something else does not open. */
type CredentialIdentity = Pick<
  StoredCredential,
  'id' | 'organizationId' | 'projectId' | 'providerId' | 'origins'
>;

export type CredentialCipher = {
  seal(identity: CredentialIdentity, secret: Secret): Buffer;
  /** Undefined when it is not what was sealed for this row. */
  open(identity: CredentialIdentity, sealed: Uint8Array): Secret | undefined;
};

/** Seals providers' keys with AES-256-GCM, each for its own row. `key` has 32 bytes, which the master key wraps. */
export function createCredentialCipher(key: Uint8Array): CredentialCipher {
  return {
    seal: (identity, secret) => seal(key, Buffer.from(secret.reveal(), 'utf8'), dataOf(identity)),
    open: (identity, sealed) => {
      const opened = unseal(key, sealed, dataOf(identity));
      return opened === undefined ? undefined : new Secret(opened.toString('utf8'));
    },
  };
}

function dataOf({ id, organizationId, projectId, providerId, origins }: CredentialIdentity): string {
  const place = [organizationId, projectId ?? null, providerId, id, [...origins].sort()];
  return `provider-credential.${JSON.stringify(place)}`;
}
