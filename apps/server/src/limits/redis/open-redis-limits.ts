import {
  type Clock,
  type Count,
  createFindPeriod,
  type FindSpent,
  type Limit,
  type LimitJournal,
  type LimitStore,
  type Schedule,
  type TellNews,
} from '@app/gateway';
import { createAwayLimits } from './create-away-limits.ts';
import { createSharedNews } from './create-shared-news.ts';
import { createSharedReserve } from './create-shared-reserve.ts';
import { createSharedSettle } from './create-shared-settle.ts';
import { ALONE, type Fleet } from './enter-data.ts';
import { createLimitScripts, type LimitScripts } from './limit-scripts.ts';
import { type Lease, type LeaseDeps, openLease } from './open-lease.ts';
import type { RedisConnection } from './open-redis-connection.ts';
import { readStanding } from './read-script-reply.ts';
import { seedHeld } from './seed-held.ts';
import { createRedisTime, type SharedCounting } from './shared-counting.ts';
import type { WireClaim } from './wire-claim.ts';

export type RedisLimits = LimitStore & {
  /** How a count stands now, for pages; undefined while the counters are away. */
  read(limit: Limit, subject: string): Promise<Count | undefined>;
  isAway(): boolean;
  /** Ends the lease: what is not settled leaves its floor. */
  close(): void;
};

export type RedisLimitsDeps = {
  connection: RedisConnection;
  clock: Clock;
  schedule: Schedule;
  /** A name that no other lease ever had. */
  newLeaseId: () => string;
  /** What is durable, for counts that Redis does not have (any more). */
  findSpent: FindSpent;
  /** `open`: this server counts alone while Redis is away. `closed`: calls are refused. */
  whenAway: 'open' | 'closed';
  /** Longest wait for an answer. */
  deadlineMs: number;
  tell?: TellNews;
  journal?: LimitJournal;
  /** Lifetime of a lease, by Redis' clock; 30 s, renewed every 2 s. */
  leaseMs?: number;
  renewMs?: number;
  /** How often it is tried to come back; every second. */
  retryMs?: number;
  /** The others; without it this server counts as if it were alone. */
  fleet?: Fleet;
  /** How long counting waits, after Redis has lost its data, for servers that live and do not come; 5 s. */
  rollCallMs?: number;
  /** With a clock of a test's own. */
  scripts?: LimitScripts;
};

/** Counts that several servers share, in Redis: every step is one atomic script. Away until its first lease is taken. */
export function openRedisLimits(deps: RedisLimitsDeps): RedisLimits {
  const { connection, clock, schedule, findSpent, deadlineMs, whenAway, journal } = deps;
  const scripts = deps.scripts ?? createLimitScripts();
  const news = createSharedNews(deps.tell, clock);
  const onNewData = (held: readonly WireClaim[]) => seedHeld(store, held);
  const tell: TellCounters = (kind) => {
    if (kind === 'counters_away') away.begin();
    news.tellCounters(kind);
  };
  const lease = openLeaseOf(deps, { scripts, tell, onNewData });
  const findPeriod = createFindPeriod();
  const redisTime = createRedisTime(clock);
  const away = createAwayLimits({
    ...{ clock, findSpent, heldOf: lease.heldOf },
    countServers: createCountServers(deps.fleet ?? ALONE),
  });
  const counting: SharedCounting = {
    ...{
      clock,
      schedule,
      lease,
      away,
      news,
      findPeriod,
      findSpent,
      whenAway,
      deadlineMs,
      journal,
      redisTime,
    },
  };
  const store = { reserve: createSharedReserve(counting), settle: createSharedSettle(counting) };
  return {
    ...store,
    read: (limit, subject) => readStanding({ ...counting, connection, scripts }, { limit, subject }),
    isAway: () => !lease.isOpen(),
    close() {
      lease.close();
      connection.close();
    },
  };
}

type TellCounters = (kind: 'counters_away' | 'counters_back') => void;

/** The servers that live, of which the last known number counts while nobody can say. */
function createCountServers(fleet: Fleet): () => Promise<number> {
  let known = 1;
  return async () => {
    try {
      known = Math.max(1, (await fleet.listLiveServers()).length);
    } catch {
      // PostgreSQL is away too.
    }
    return known;
  };
}

function openLeaseOf(
  deps: RedisLimitsDeps,
  {
    tell,
    ...given
  }: Pick<LeaseDeps, 'scripts' | 'onNewData'> & {
    tell: TellCounters;
  },
): Lease {
  const { connection, schedule, newLeaseId, fleet = ALONE, rollCallMs = 5_000 } = deps;
  const { leaseMs = 30_000, renewMs = 2_000, retryMs = 1_000 } = deps;
  const onAway = () => tell('counters_away');
  const onBack = () => tell('counters_back');
  const own = { ...given, connection, schedule, newLeaseId, fleet, onAway, onBack };
  return openLease({ ...own, rollCallMs, leaseMs, renewMs, retryMs });
}
