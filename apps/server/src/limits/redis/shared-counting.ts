import type { Clock, FindPeriod, FindSpent, Hold, LimitJournal, Schedule } from '@app/gateway';
import type { AwayLimits } from './create-away-limits.ts';
import type { SharedNews } from './create-shared-news.ts';
import type { Lease } from './open-lease.ts';
import type { WireClaim } from './wire-claim.ts';

/** What reserving and settling in Redis share. */
export type SharedCounting = {
  clock: Clock;
  schedule: Schedule;
  lease: Lease;
  away: AwayLimits;
  news: SharedNews;
  findPeriod: FindPeriod;
  findSpent: FindSpent;
  whenAway: 'open' | 'closed';
  deadlineMs: number;
  journal: LimitJournal | undefined;
  /** Redis' time, carried on by the monotonic clock: a wall clock that jumps changes nothing. */
  redisTime: RedisTime;
};

export type RedisTime = { nowMs(): number; heard(redisMs: number): void };

export type SharedHold = Hold & {
  readonly owner: Lease;
  readonly wires: readonly WireClaim[];
  readonly id: number;
  isSettled: boolean;
  /** Set when it was taken while the counters are away. */
  readonly local: Hold | undefined;
};

export function createRedisTime(clock: Clock): RedisTime {
  let aheadMs = clock.nowMs() - clock.monotonicMs();
  return {
    nowMs: () => clock.monotonicMs() + aheadMs,
    heard(redisMs) {
      aheadMs = redisMs - clock.monotonicMs();
    },
  };
}
