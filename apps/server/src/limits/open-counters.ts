import { randomBytes } from 'node:crypto';
import {
  type Clock,
  type Count,
  createMemoryLimits,
  type FindSpent,
  type Limit,
  type LimitStore,
  type MemoryLimits,
  type Schedule,
  type TellNews,
} from '@app/gateway';
import { Secret } from '@app/providers';
import { type RelationalStore, serverSeenWithinMs } from '@app/store';
import type { Config } from '../config.ts';
import type { OpenUsage } from './open-usage.ts';
import { openRedisLimits } from './redis/open-redis-limits.ts';

export type CountersDeps = {
  config: Config;
  usage: Pick<OpenUsage, 'flush' | 'journal' | 'listUnwritten' | 'readCurrent'>;
  /** This process, and those that live on the same database. */
  serverId: string;
  listLiveServers: RelationalStore['limitUsage']['listLiveServers'];
  findSpent: FindSpent;
  clock: Clock;
  schedule: Schedule;
  tell: TellNews;
};

/** In this process, in Redis, or in this process because Redis is away. */
export type CountersPlace = 'memory' | 'shared' | 'away';

export type OpenCounters = {
  store: LimitStore;
  /** How a count stands now; undefined while nobody can say. */
  read(limit: Limit, subject: string): Promise<Count | undefined>;
  place(): CountersPlace;
  close(): void;
};

/** Opens what counts: Redis where several servers share it, this process's memory where one server is alone. */
export async function openCounters(deps: CountersDeps): Promise<OpenCounters> {
  const { REDIS_URL } = deps.config.environment;
  return REDIS_URL === undefined ? openInMemory(deps) : openInRedis(deps, REDIS_URL);
}

async function openInMemory({ usage, clock, tell }: CountersDeps): Promise<OpenCounters> {
  const memory = createMemoryLimits({ clock, tell, journal: usage.journal });
  await load(memory, usage);
  return {
    store: memory,
    read: async (limit, subject) => memory.read(limit, subject),
    place: () => 'memory',
    close: () => undefined,
  };
}

async function load(memory: MemoryLimits, usage: Pick<OpenUsage, 'readCurrent'>): Promise<void> {
  for await (const page of usage.readCurrent()) {
    for (const { limitId, subject, periodStartMs, used } of page) {
      memory.load(limitId, subject, { periodStartMs, used });
    }
  }
}

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 1_000;

async function openInRedis(deps: CountersDeps, url: string): Promise<OpenCounters> {
  // The client's hundreds of files are read where there is a Redis.
  const { openRedisConnection } = await import('./redis/open-redis-connection.ts');
  const { config, usage, serverId, findSpent, clock, schedule, tell } = deps;
  const { when_counters_are_away: whenAway, counters_timeout_ms: deadlineMs } = config.file.defaults;
  const leaseMs = 1_000 * config.file.defaults.counters_lease_seconds;
  const shared = openRedisLimits({
    connection: openRedisConnection({
      url: new Secret(url),
      caFile: config.environment.REDIS_CA_FILE,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      reconnectMsMax: RECONNECT_MS_MAX,
    }),
    ...{ clock, schedule, findSpent, whenAway, deadlineMs, leaseMs, tell },
    journal: usage.journal,
    fleet: {
      serverId,
      flush: usage.flush,
      listUnwritten: usage.listUnwritten,
      listLiveServers: () => deps.listLiveServers({ seenWithinMs: serverSeenWithinMs }),
    },
    newLeaseId: () => randomBytes(12).toString('hex'),
  });
  return {
    store: shared,
    read: shared.read,
    place: () => (shared.isAway() ? 'away' : 'shared'),
    close: shared.close,
  };
}
