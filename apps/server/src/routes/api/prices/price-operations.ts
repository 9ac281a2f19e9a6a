import type { StoredRepricing } from '@app/store';
import type { Repricings } from '../../../prices/create-repricings.ts';
import type { Operation } from '../operation.ts';
import { createRepricing } from './create-repricing.ts';
import { getRepricing } from './get-repricing.ts';
import { listRepricings } from './list-repricings.ts';

export type PriceOperationDeps = {
  repricings: Repricings;
  /** Runs what has begun. */
  addRepricing: (begun: StoredRepricing) => void;
};

/** Every operation on what calls cost. */
export function priceOperations({ repricings, addRepricing }: PriceOperationDeps): Operation[] {
  return [createRepricing(repricings, addRepricing), listRepricings(repricings), getRepricing(repricings)];
}
