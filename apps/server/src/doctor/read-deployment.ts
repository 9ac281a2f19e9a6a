import { lookup } from 'node:dns';
import { openCliStore } from '../cli/open-cli-store.ts';
import type { World } from '../cli/world.ts';
import type { Config } from '../config.ts';
import type { Facts } from './facts.ts';
import { readAddresses } from './read-addresses.ts';
import { readCounters } from './read-counters.ts';
import { readMachine } from './read-machine.ts';
import { readOwnAudit } from './read-own-audit.ts';
import { readStore } from './read-store.ts';
import { type StoreFacts, unknownStore } from './unknown-store.ts';

/** Gathers what the checks look at. A store that cannot be reached is said so, and its checks are left out. */
export async function readDeployment(
  config: Config,
  world: Pick<World, 'warn' | 'variables' | 'runtime'>,
): Promise<Facts> {
  const { REDIS_URL } = config.environment;
  const [counters, storeAddresses, store] = await Promise.all([
    REDIS_URL === undefined ? undefined : readCounters(REDIS_URL, config.environment),
    readAddresses(config, (host, done) => lookup(host, { all: true }, done)),
    readOwnStore(config, world),
  ]);
  return {
    config,
    nowMs: Date.now(),
    ...readMachine(config, world),
    counters,
    storeAddresses,
    ...store,
  };
}

async function readOwnStore(
  config: Config,
  { warn, variables }: Pick<World, 'warn' | 'variables'>,
): Promise<StoreFacts & Pick<Facts, 'audit' | 'whyNoStore'>> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  try {
    const { store, close } = await openCliStore(config, silent);
    try {
      const audit = await readOwnAudit(config, variables, store);
      return { ...(await readStore(store, Date.now())), audit };
    } finally {
      await close();
    }
  } catch (error) {
    const whyNoStore = `PostgreSQL could not be asked: ${error instanceof Error ? error.message : error}`;
    warn(`${whyNoStore}\nWhat it knows of keys, people, budgets and alerts was not checked.\n`);
    return { ...unknownStore, audit: undefined, whyNoStore };
  }
}
