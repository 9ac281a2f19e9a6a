import type { StoredDestination } from '@app/store';
import { seal, unseal } from '../secrets/seal.ts';
import type { Address } from './address.ts';

/** Whose address it is: a row that says something else does not open. */
type Identity = Pick<StoredDestination, 'id' | 'organizationId' | 'kind'>;

export type AddressCipher = {
  seal(identity: Identity, address: Address): Buffer;
  /** Undefined when it is not what was sealed for this row, or holds nothing to sign with. */
  open(identity: Identity, sealed: Uint8Array): Address | undefined;
};

/** Seals addresses with AES-256-GCM, each for its own row. `key` has 32 bytes, which the master key wraps. */
export function createAddressCipher(key: Uint8Array): AddressCipher {
  return {
    seal: (identity, address) => seal(key, Buffer.from(JSON.stringify(address), 'utf8'), dataOf(identity)),
    open: (identity, sealed) => {
      const opened = unseal(key, sealed, dataOf(identity));
      if (opened === undefined) return undefined;
      // Only what was written here opens, so its shape is known.
      const address: Address = JSON.parse(opened.toString('utf8'));
      return address.kind === 'webhook' && address.secret === '' ? undefined : address;
    },
  };
}

const dataOf = ({ id, organizationId, kind }: Identity): string =>
  `destination.${JSON.stringify([organizationId, id, kind])}`;
