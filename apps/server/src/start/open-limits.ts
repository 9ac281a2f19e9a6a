import {
  type Clock,
  createMemoryLimits,
  type Limit,
  type LimitNews,
  type LimitStore,
  type MemoryLimits,
  type Schedule,
  type TellNews,
} from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openServerWatch } from '../limits/open-server-watch.ts';
import { type OpenUsage, openUsage, type UsageStats } from '../limits/open-usage.ts';
import { openUsageUpkeep } from '../limits/open-usage-upkeep.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenSecrets } from './open-secrets.ts';

export type LimitsDeps = {
  config: Config;
  secrets: Pick<OpenSecrets, 'dataKeys'>;
  store: Pick<Store, 'limitUsage'>;
  /** This process, among those that share the stores. */
  serverId: string;
  clock: Clock;
  schedule: Schedule;
  log: Logger;
};

/** How limits are counted, for operators. */
export type LimitsState = {
  /** In this process, in Redis, or in this process because Redis is away. */
  counters: 'memory' | 'shared' | 'away';
  usage: UsageStats;
};

export type OpenLimits = {
  store: LimitStore;
  /** How a count stands now, for pages. */
  read: MemoryLimits['read'];
  /** Hands what this turn counted to the kernel: to be done before anything that was counted is answered. */
  flushTurn(): void;
  /** Brings what was used so far to PostgreSQL, so that a page that asks it sees the last second too. */
  flush(): Promise<boolean>;
  /** Has `tell` called with all news from then on. */
  onNews(tell: TellNews): void;
  state(): LimitsState;
};

/** Opens what limits are counted in. Resolves once counts have what was used before this process began. */
export async function openLimits(deps: LimitsDeps, stack: ClosingStack): Promise<OpenLimits> {
  const { config, store, serverId, clock, schedule, log } = deps;
  const { nowMs } = clock;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const listeners: TellNews[] = [(news) => logNews(log, news)];
  const tell: TellNews = (news) => {
    for (const listener of listeners) listener(news);
  };
  const usage = await openUsage({
    ...{ usage: store.limitUsage, serverId, nowMs, schedule, log },
    dataDir: config.environment.TOKENROUTER_DATA_DIR,
    spoolKey: deps.secrets.dataKeys.spool,
    atTurnEnd: (run) => void setImmediate(run),
  });
  stack.add(usage.close);
  const memory = createMemoryLimits({ clock, tell, journal: usage.journal });
  await load(memory, usage);
  const upkeep = openUsageUpkeep({
    ...{ chargeGone: usage.chargeGone, nowMs, schedule, onWarning },
    deleteOldLimitUsage: store.limitUsage.deleteOldLimitUsage,
    keptMs: config.file.retention.limit_usage_days * DAY_MS,
  });
  stack.add(upkeep.close);
  const { listLiveServers } = store.limitUsage;
  stack.add(openServerWatch({ listLiveServers, serverId, schedule, onWarning }));
  return {
    store: memory,
    read: (limit: Limit, subject: string) => memory.read(limit, subject),
    flushTurn: usage.flushTurn,
    flush: usage.flush,
    onNews: (listener) => void listeners.push(listener),
    state: () => ({ counters: 'memory', usage: usage.stats() }),
  };
}

const DAY_MS = 86_400_000;

async function load(memory: MemoryLimits, usage: OpenUsage): Promise<void> {
  for await (const page of usage.readCurrent()) {
    for (const { limitId, subject, periodStartMs, used } of page) {
      memory.load(limitId, subject, { periodStartMs, used });
    }
  }
}

/** What concerns the operator; what concerns a budget's owner is told elsewhere. */
function logNews(log: Logger, { kind }: LimitNews): void {
  if (kind === 'counters_away')
    log.warn('The shared counters at REDIS_URL do not answer; limits are held as the settings say.');
  if (kind === 'counters_back') log.warn('The shared counters at REDIS_URL answer again.');
}
