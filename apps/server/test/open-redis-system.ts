import { randomUUID } from 'node:crypto';
import type { Clock, CountName, Limit, LimitStore, Schedule, Taken } from '@app/gateway';
import { Secret } from '@app/providers';
import type { LimitSystem, TestRedis } from '@app/testkit';
import { createLimitScripts, KEY_PREFIX } from '../src/limits/redis/limit-scripts.ts';
import { openRedisConnection, type RedisConnection } from '../src/limits/redis/open-redis-connection.ts';
import {
  openRedisLimits,
  type RedisLimits,
  type RedisLimitsDeps,
} from '../src/limits/redis/open-redis-limits.ts';
import { waitUntil } from './wait-until.ts';

/** Redis' time as a test sets it. */
const TEST_TIME = `return tonumber(redis.call('GET', '${KEY_PREFIX}test-now'))`;

const realClock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

const realSchedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

const never: Schedule = () => () => undefined;

export function connectTo(redis: Pick<TestRedis, 'url'>): RedisConnection {
  return openRedisConnection({ url: new Secret(redis.url), connectTimeoutMs: 1_000, reconnectMsMax: 100 });
}

/** A server's part of the shared counts, once it has its lease. */
export async function openTestLimits(
  redis: Pick<TestRedis, 'url'>,
  deps: Partial<RedisLimitsDeps> = {},
): Promise<RedisLimits & { connection: RedisConnection }> {
  const connection = deps.connection ?? connectTo(redis);
  const limits = openRedisLimits({
    clock: realClock,
    schedule: realSchedule,
    newLeaseId: randomUUID,
    findSpent: async (counts) => counts.map(() => 0),
    whenAway: 'closed',
    deadlineMs: 5_000,
    ...deps,
    connection,
  });
  await waitUntil(async () => !limits.isAway());
  return { ...limits, connection };
}

export function reserve(store: LimitStore, claims: Parameters<LimitStore['reserve']>[0]): Promise<Taken> {
  return new Promise((resolve) => store.reserve(claims, resolve));
}

/** One command on a connection of its own kind. */
export function ask(connection: RedisConnection, ...command: string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.send(command, (reply) => (reply instanceof Error ? reject(reply) : resolve(reply)));
  });
}

/** Several servers over one Redis whose time stands still. One of them has a clock that is a day wrong. */
export async function openRedisSystem(
  redis: TestRedis,
  startedAtMs: number,
): Promise<LimitSystem & { close(): void }> {
  const admin = connectTo(redis);
  await waitUntil(async () => admin.isReady());
  await ask(admin, 'FLUSHALL');
  let nowMs = startedAtMs;
  const setTime = () => ask(admin, 'SET', `${KEY_PREFIX}test-now`, String(nowMs));
  await setTime();
  const open = async (server: number) => {
    let lease = '';
    const newLeaseId = () => {
      lease = randomUUID();
      return lease;
    };
    const limits = await openTestLimits(redis, {
      clock: { nowMs: () => nowMs + server * 86_400_000, monotonicMs: () => 0 },
      schedule: never,
      newLeaseId,
      findSpent: async (counts: readonly CountName[]) => counts.map(() => 0),
      scripts: createLimitScripts(TEST_TIME),
    });
    return { limits, lease: () => lease };
  };
  const servers = [await open(0), await open(1)];
  const serverAt = (at: number) => servers[at] ?? missing();
  return {
    servers: servers.length,
    areBucketsShared: true,
    reserve: (server, claims) => reserve(serverAt(server).limits, claims),
    async settle(server, hold, used) {
      const { limits } = serverAt(server);
      limits.settle(hold, used);
      // What another server asks next goes by another connection, which Redis may hear first.
      await ask(limits.connection, 'PING');
    },
    async kill(server) {
      const { limits, lease } = serverAt(server);
      // What was said before is done: only then does the connection break.
      await ask(limits.connection, 'PING');
      limits.connection.close();
      await ask(admin, 'DEL', `${KEY_PREFIX}alive:${lease()}`);
      servers[server] = await open(server);
    },
    async advance(byMs) {
      for (const { limits } of servers) await ask(limits.connection, 'PING');
      nowMs += byMs;
      await setTime();
    },
    async read(limit: Limit) {
      for (const { limits } of servers) await ask(limits.connection, 'PING');
      return (await serverAt(0).limits.read(limit, '')) ?? missing();
    },
    close() {
      for (const { limits } of servers) limits.connection.close();
      admin.close();
    },
  };
}

function missing(): never {
  throw new Error('the shared counters do not answer');
}
