import type { Schedule } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { IdSource } from '../ids.ts';
import { openRepricingUpkeep } from '../jobs/open-repricing-upkeep.ts';
import { createFindPrice } from '../prices/create-find-price.ts';
import { createRepricings } from '../prices/create-repricings.ts';
import type { PriceOperationDeps } from '../routes/api/prices/price-operations.ts';
import type { ClosingStack } from './closing-stack.ts';
import { readModels } from './read-models.ts';

export type OpenRepricingsDeps = {
  config: Config;
  store: Pick<Store, 'repricings' | 'traces'>;
  /** This process, among those that share the stores. */
  serverId: string;
  schedule: Schedule;
  ids: IdSource;
  log: Pick<Logger, 'warn'>;
};

/** What prices calls again: in this server, one range at a time, between its other work. */
export function openRepricings(deps: OpenRepricingsDeps, stack: ClosingStack): PriceOperationDeps {
  const { config, store, serverId, schedule, ids, log } = deps;
  let isStopping = false;
  const repricings = createRepricings({
    repricings: store.repricings,
    traces: store.traces,
    findPrice: createFindPrice(readModels(config)),
    breathe: () => new Promise((resolve) => void schedule(0, resolve)),
    isStopping: () => isStopping,
    serverId,
    ids,
  });
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const upkeep = openRepricingUpkeep({ repricings, schedule, onWarning });
  stack.add(() => {
    isStopping = true;
    return upkeep.close();
  });
  return { repricings, addRepricing: upkeep.add };
}
