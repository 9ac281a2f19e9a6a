import type { StoredRemapping } from '@app/store';
import type { Remappings } from '../../../remappings/create-remappings.ts';
import type { Operation } from '../operation.ts';
import { createRemapping } from './create-remapping.ts';
import { getRemapping } from './get-remapping.ts';
import { listRemappings } from './list-remappings.ts';

export type RemappingOperationDeps = {
  remappings: Remappings;
  /** Runs what has begun. */
  addRemapping: (begun: StoredRemapping) => void;
};

/** Every operation on reading received spans anew. */
export function remappingOperations({ remappings, addRemapping }: RemappingOperationDeps): Operation[] {
  return [createRemapping(remappings, addRemapping), listRemappings(remappings), getRemapping(remappings)];
}
