import type { Provider } from '@app/providers';
import type { RelationalStore } from '@app/store';
import { createCredentialCipher } from '../src/credentials/create-credential-cipher.ts';
import {
  type Credentials,
  type CredentialsDeps,
  createCredentials,
} from '../src/credentials/create-credentials.ts';
import { createFindPlace } from '../src/credentials/create-find-place.ts';
import { noSecretRefs } from '../src/credentials/secret-refs.ts';
import { type IdSource, newId } from '../src/ids.ts';

export type TestCredentialsOptions = Partial<Pick<CredentialsDeps, 'refs' | 'checkKey' | 'listFileKeys'>> & {
  /** The operator's rows; none when absent, so that there are known providers only. */
  configured?: readonly Provider[];
};

type Given = { store: Pick<RelationalStore, 'credentials'>; key: Buffer; ids: IdSource };

/** Providers' keys on a real store, where no call is made. */
export function createTestCredentials(
  { store, key, ids }: Given,
  options: TestCredentialsOptions = {},
): Credentials {
  const { configured = [], refs = noSecretRefs, ...rest } = options;
  return createCredentials({
    credentials: store.credentials,
    cipher: createCredentialCipher(key),
    findPlace: createFindPlace({ configured, withKnown: true }),
    refs,
    checkKey: async () => ({ ok: null, message: 'Nobody is asked here.' }),
    newCredentialId: () => newId('cred_', ids),
    nowMs: ids.nowMs,
    ...rest,
  });
}
