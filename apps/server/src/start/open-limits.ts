import type { Clock, Count, Limit, LimitNews, LimitStore, Schedule, TellNews } from '@app/gateway';
import type { Store } from '@app/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createFindSpent } from '../limits/create-find-spent.ts';
import { type CountersPlace, openCounters } from '../limits/open-counters.ts';
import { openServerWatch } from '../limits/open-server-watch.ts';
import { openUsage, type UsageStats } from '../limits/open-usage.ts';
import { openUsageUpkeep } from '../limits/open-usage-upkeep.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OpenSecrets } from './open-secrets.ts';

export type LimitsDeps = {
  config: Config;
  secrets: Pick<OpenSecrets, 'dataKeys'>;
  store: Pick<Store, 'keys' | 'limitUsage'>;
  /** This process, among those that share the stores. */
  serverId: string;
  clock: Clock;
  schedule: Schedule;
  log: Logger;
};

/** How limits are counted, for operators. */
type LimitsState = { counters: CountersPlace; usage: UsageStats };

export type OpenLimits = {
  store: LimitStore;
  /** How a count stands now, for pages; undefined while nobody can say. */
  read(limit: Limit, subject: string): Promise<Count | undefined>;
  /** Hands what this turn counted to the kernel: to be done before anything that was counted is answered. */
  flushTurn(): void;
  /** Brings what was used so far to PostgreSQL, so that a page that asks it sees the last second too. */
  flush(): Promise<boolean>;
  /** Has `tell` called with all news from then on. */
  onNews(tell: TellNews): void;
  state(): LimitsState;
};

const DAY_MS = 86_400_000;

/** Opens what limits are counted in. Resolves once counts have what was used before this process began. */
export async function openLimits(deps: LimitsDeps, stack: ClosingStack): Promise<OpenLimits> {
  const { config, store, serverId, clock, schedule, log } = deps;
  const { nowMs } = clock;
  const onWarning = (message: string, error: unknown) => log.warn({ err: error }, message);
  const listeners: TellNews[] = [logNews(deps)];
  const tell: TellNews = (news) => {
    for (const listener of listeners) listener(news);
  };
  const usage = await openUsage({
    ...{ usage: store.limitUsage, deleteServer: store.keys.deleteServer },
    ...{ serverId, nowMs, schedule, log },
    dataDir: config.environment.TOKENROUTER_DATA_DIR,
    spoolKey: deps.secrets.dataKeys.spool,
    atTurnEnd: (run) => void setImmediate(run),
  });
  stack.add(usage.close);
  const findSpent = createFindSpent(usage, store.limitUsage.findLimitUsage);
  const { listLiveServers } = store.limitUsage;
  const counters = await openCounters({
    ...{ config, usage, findSpent, clock, schedule, tell },
    ...{ serverId, listLiveServers },
  });
  stack.add(counters.close);
  const upkeep = openUsageUpkeep({
    ...{ chargeGone: usage.chargeGone, nowMs, schedule, onWarning },
    deleteOldLimitUsage: store.limitUsage.deleteOldLimitUsage,
    keptMs: config.file.retention.limit_usage_days * DAY_MS,
  });
  stack.add(upkeep.close);
  if (config.environment.REDIS_URL === undefined) {
    stack.add(openServerWatch({ listLiveServers, serverId, schedule, onWarning }));
  }
  return {
    store: counters.store,
    read: counters.read,
    flushTurn: usage.flushTurn,
    flush: usage.flush,
    onNews: (listener) => void listeners.push(listener),
    state: () => ({ counters: counters.place(), usage: usage.stats() }),
  };
}

/** What concerns the operator; what concerns a budget's owner is told elsewhere. */
function logNews({ config, log }: Pick<LimitsDeps, 'config' | 'log'>): (news: LimitNews) => void {
  const held =
    config.file.defaults.when_counters_are_away === 'open'
      ? 'this server counts limits by itself until they do'
      : 'calls that have a limit are refused until they do';
  return ({ kind }) => {
    if (kind === 'counters_away') log.warn(`The counters at REDIS_URL do not answer: ${held}.`);
    if (kind === 'counters_back') log.warn('The counters at REDIS_URL answer again.');
  };
}
