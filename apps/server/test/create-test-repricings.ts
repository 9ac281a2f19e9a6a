import type { Store } from '@app/store';
import { createFindPrice } from '../src/prices/create-find-price.ts';
import { createRepricings } from '../src/prices/create-repricings.ts';
import type { PriceOperationDeps } from '../src/routes/api/prices/price-operations.ts';

export type RepricedTraces = Parameters<typeof createRepricings>[0]['traces'];

type Deps = {
  store: Pick<Store, 'repricings'>;
  ids: Parameters<typeof createRepricings>[0]['ids'];
};

/** Calls that are priced again with the price table, from where traces are read, or from nowhere. Nothing runs by itself. */
export function createTestRepricings(
  { store, ids }: Deps,
  traces: RepricedTraces = noCalls,
): PriceOperationDeps {
  const repricings = createRepricings({
    repricings: store.repricings,
    traces,
    findPrice: createFindPrice({ providers: [] }),
    breathe: async () => undefined,
    isStopping: () => false,
    serverId: 'srv_test',
    ids,
  });
  return { repricings, addRepricing: () => undefined };
}

const noCalls: RepricedTraces = {
  countBilledCalls: async () => 0,
  listBilledCalls: async () => ({ calls: [], next: undefined }),
  stageRepriced: async () => undefined,
  applyRepriced: async () => undefined,
};
