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
import { createLimitScripts, type LimitScripts } from './limit-scripts.ts';
import { type Lease, openLease } from './open-lease.ts';
import type { RedisConnection } from './open-redis-connection.ts';
import { readStanding } from './read-script-reply.ts';
import { createRedisTime, type SharedCounting } from './shared-counting.ts';

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
  /** Lifetime of a lease, by Redis' clock; 30 s, renewed every 5 s. */
  leaseMs?: number;
  renewMs?: number;
  /** How often it is tried to come back; every second. */
  retryMs?: number;
  /** With a clock of a test's own. */
  scripts?: LimitScripts;
};

/** Counts that several servers share, in Redis: every step is one atomic script. Away until its first lease is taken. */
export function openRedisLimits(deps: RedisLimitsDeps): RedisLimits {
  const { connection, clock, schedule, findSpent, deadlineMs, whenAway, journal } = deps;
  const scripts = deps.scripts ?? createLimitScripts();
  const news = createSharedNews(deps.tell, clock);
  const lease = openLeaseOf(deps, scripts, news.tellCounters);
  const findPeriod = createFindPeriod();
  const redisTime = createRedisTime(clock);
  const away = createAwayLimits({ clock, findSpent });
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
  return {
    reserve: createSharedReserve(counting),
    settle: createSharedSettle(counting),
    read: (limit, subject) => readStanding({ ...counting, connection, scripts }, { limit, subject }),
    isAway: () => lease.current() === undefined,
    close() {
      lease.close();
      connection.close();
    },
  };
}

function openLeaseOf(
  deps: RedisLimitsDeps,
  scripts: LimitScripts,
  tell: (kind: 'counters_away' | 'counters_back') => void,
): Lease {
  const { connection, schedule, newLeaseId, leaseMs = 30_000, renewMs = 5_000, retryMs = 1_000 } = deps;
  const waits = { leaseMs, renewMs, retryMs };
  const onAway = () => tell('counters_away');
  const onBack = () => tell('counters_back');
  return openLease({ connection, schedule, newLeaseId, ...waits, scripts, onAway, onBack });
}
