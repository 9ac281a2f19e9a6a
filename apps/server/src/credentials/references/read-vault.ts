import { isObject } from '@app/protocol';
import type { Secret } from '@app/providers';
import { type AskVault, type Vault, vaultRefusal } from './create-ask-vault.ts';
import { fieldOf } from './read-field.ts';
import { ReferenceFailure } from './reference-failure.ts';

/** Reads one field of a secret in a KV engine of version 2. Source: HashiCorp, "KV secrets engine - version 2 (API)". */
export function createReadVault(askVault: AskVault): (vault: Vault) => Promise<Secret> {
  return async (vault) => {
    const { status, body } = await askVault(vault, `${vault.mount}/data/${vault.path}`);
    if (status !== 200) {
      throw new ReferenceFailure(vaultRefusal(status, 'did not let us read the secret'));
    }
    const data =
      isObject(body) && isObject(body.data) && isObject(body.data.data) ? body.data.data : undefined;
    if (data === undefined) {
      throw new ReferenceFailure(
        'HashiCorp Vault answered without a secret; its engine must be KV version 2.',
      );
    }
    return fieldOf(data, vault.field);
  };
}
