import { createSecretKey } from 'node:crypto';
import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import { createDigestOf, createPriceOf } from '@app/tracing';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { IdSource } from '../ids.ts';
import { openRepricingUpkeep } from '../jobs/open-repricing-upkeep.ts';
import { priceTable } from '../prices/price-table.ts';
import { createRemappings } from '../remappings/create-remappings.ts';
import type { RemappingOperationDeps } from '../routes/api/remappings/remapping-operations.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readModels } from './read-models.ts';

export type OpenRemappingsDeps = {
  config: Config;
  store: Pick<Store, 'remappings' | 'traces'>;
  /** Names contents, and the system prompts that spans are grouped by. */
  contentKey: Buffer;
  serverId: string;
  schedule: Schedule;
  ids: IdSource;
  log: Pick<Logger, 'warn'>;
};

/** What reads received spans anew: in this server, one range at a time, between its other work. */
export function openRemappings(deps: OpenRemappingsDeps, stack: ClosingStack): RemappingOperationDeps {
  const { config, store, serverId, schedule, ids, log } = deps;
  const contentKey = createSecretKey(deps.contentKey);
  let isStopping = false;
  const remappings = createRemappings({
    remappings: store.remappings,
    traces: store.traces,
    digestOf: (projectId) => createDigestOf(contentKey, projectId),
    priceOf: createPriceOf(priceTable(readModels(config))),
    breathe: () => new Promise((resolve) => void schedule(0, resolve)),
    isStopping: () => isStopping,
    ...{ serverId, ids },
  });
  const upkeep = openRepricingUpkeep({
    repricings: remappings,
    schedule,
    onWarning: (_, error) =>
      log.warn({ err: error }, 'Received spans could not be read anew; it is tried again.'),
  });
  stack.add(() => {
    isStopping = true;
    return upkeep.close();
  });
  return { remappings, addRemapping: upkeep.add };
}
