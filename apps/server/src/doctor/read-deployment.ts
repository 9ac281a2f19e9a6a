import type { Key } from '@app/contract';
import { type RelationalStore, serverSeenWithinMs } from '@app/store';
import { openCliStore } from '../cli/open-cli-store.ts';
import type { World } from '../cli/world.ts';
import type { Config } from '../config.ts';
import type { Facts, KeyFact } from './facts.ts';
import { listFiles } from './list-files.ts';
import { readCounters } from './read-counters.ts';

/** Gathers what the checks look at. A store that cannot be reached is said so, and its checks are left out. */
export async function readDeployment(
  config: Config,
  world: Pick<World, 'warn' | 'variables'>,
): Promise<Facts> {
  const { REDIS_URL } = config.environment;
  return {
    config,
    nowMs: Date.now(),
    files: listFiles(config, world.variables),
    counters: REDIS_URL === undefined ? undefined : await readCounters(REDIS_URL, config.environment),
    ...(await readStore(config, world)),
  };
}

async function readStore(
  config: Config,
  { warn }: Pick<World, 'warn'>,
): Promise<Pick<Facts, 'keys' | 'hasOwner' | 'serverCount'>> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  try {
    const { store, close } = await openCliStore(config, silent);
    try {
      const live = await store.limitUsage.listLiveServers({ seenWithinMs: serverSeenWithinMs });
      return {
        keys: await listKeyFacts(store),
        hasOwner: (await store.tenants.countOwners()) > 0,
        serverCount: live.length,
      };
    } finally {
      await close();
    }
  } catch (error) {
    warn(
      `PostgreSQL could not be asked, so keys were not checked: ${error instanceof Error ? error.message : error}\n`,
    );
    return { keys: undefined, hasOwner: undefined, serverCount: undefined };
  }
}

/** The keys of every project that work now. */
async function listKeyFacts({ tenants, keys }: RelationalStore): Promise<KeyFact[]> {
  const found: KeyFact[] = [];
  for (const organization of await tenants.listOrganizations()) {
    for (const { id, slug } of await tenants.listProjects(organization.id)) {
      const isFirst = organization.slug === 'default' && slug === 'default';
      const project = isFirst ? {} : { project: id };
      let cursor: string | undefined;
      do {
        const page = await keys.listKeys(id, { limit: 200, cursor, status: 'active' });
        found.push(...page.data.map((key) => ({ ...factOf(key), ...project })));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
    }
  }
  return found;
}

const factOf = (key: Key): KeyFact => ({
  id: key.id,
  name: key.name,
  permissions: key.permissions,
  createdAtMs: Date.parse(key.created_at),
  lastUsedAtMs: key.last_used_at === null ? undefined : Date.parse(key.last_used_at),
});
