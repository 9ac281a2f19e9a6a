import type { Store } from '@app/store';
import { createPriceOf, NO_PRICES } from '@app/tracing';
import { createRemappings, type RemappingsDeps } from '../src/remappings/create-remappings.ts';
import type { RemappingOperationDeps } from '../src/routes/api/remappings/remapping-operations.ts';

type Deps = { store: Pick<Store, 'remappings'>; ids: RemappingsDeps['ids'] };

/** Spans that are read anew from where traces are read, or from nowhere. Nothing runs by itself. */
export function createTestRemappings(
  { store, ids }: Deps,
  traces: RemappingsDeps['traces'] = noSpans,
): RemappingOperationDeps {
  const remappings = createRemappings({
    remappings: store.remappings,
    traces,
    digestOf: () => (content) => content.slice(0, 43),
    priceOf: createPriceOf(NO_PRICES),
    breathe: async () => undefined,
    isStopping: () => false,
    serverId: 'srv_test',
    ids,
  });
  return { remappings, addRemapping: () => undefined };
}

const noSpans: RemappingsDeps['traces'] = {
  countRemappable: async () => 0,
  listRemappable: async () => ({ rows: [], contents: new Map(), next: undefined }),
  writeRemapped: async () => undefined,
};
