import type { Store } from '@app/store';
import type { Keys } from '../../../keys/create-keys.ts';
import type { Operation } from '../operation.ts';
import { changeKey } from './change-key.ts';
import { createKey } from './create-key.ts';
import { getKey } from './get-key.ts';
import { getKeyUsage } from './get-key-usage.ts';
import { listKeyUsage } from './list-key-usage.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';

export type KeyOperationDeps = {
  keys: Keys;
  traces: Pick<Store['traces'], 'readKeyUsage'>;
  nowMs: () => number;
};

/** The operations on the keys of a project. */
export function keyOperations(deps: KeyOperationDeps): Operation[] {
  const { keys } = deps;
  return [
    listKeys(keys),
    createKey(keys),
    getKey(keys),
    changeKey(keys),
    revokeKey(keys),
    rotateKey(keys),
    getKeyUsage(deps),
    listKeyUsage(deps),
  ];
}
