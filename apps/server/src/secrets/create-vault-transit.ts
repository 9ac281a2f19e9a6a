import { isObject, type JsonObject } from '@app/protocol';
import { type AskVault, type Vault, vaultRefusal } from '../credentials/references/create-ask-vault.ts';
import { ReferenceFailure } from '../credentials/references/reference-failure.ts';
import type { KeyService } from './key-wrapping.ts';

export type VaultTransitPlace = {
  vault: Vault;
  /** Where the engine is mounted, and the name of the key. */
  mount: string;
  key: string;
};

/** A key of Vault's Transit engine. Source: HashiCorp, "Transit secrets engine (API)", encrypt and decrypt data. */
export function createVaultTransit({ vault, mount, key }: VaultTransitPlace, askVault: AskVault): KeyService {
  const ask = async (verb: 'encrypt' | 'decrypt', fields: JsonObject): Promise<JsonObject> => {
    const { status, body } = await askVault(vault, `${mount}/${verb}/${key}`, fields);
    if (status === 400) throw new ReferenceFailure('HashiCorp Vault could not do it with this key (400).');
    if (status !== 200) throw new ReferenceFailure(vaultRefusal(status, 'did not give the master key'));
    return isObject(body) && isObject(body.data) ? body.data : {};
  };
  return {
    wrap: async (bytes) => textOf((await ask('encrypt', { plaintext: bytes.toString('base64') })).ciphertext),
    unwrap: async (wrapped) =>
      Buffer.from(textOf((await ask('decrypt', { ciphertext: wrapped })).plaintext), 'base64'),
  };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new ReferenceFailure('HashiCorp Vault answered without a key.');
  return value;
}
