import type { Claim, Hold, Limit, LimitNews, LimitStore } from '@app/gateway';
import { Secret } from '@app/providers';
import { hasTestRedis, modelLimits, openTestRedis, type TestRedis } from '@app/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestUsage } from '../../../test/create-test-usage.ts';
import { ask, connectTo, openTestLimits, reserve } from '../../../test/open-redis-system.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import { KEY_PREFIX } from './limit-scripts.ts';
import { openRedisConnection, type RedisConnection } from './open-redis-connection.ts';

const [requests, tokens, calls, quota, budget] = modelLimits() as [Limit, Limit, Limit, Limit, Limit];

function claim(limit: Limit, amount: number, floor = 0): Claim {
  return { limit, subject: '', amount, floor };
}

async function take(store: LimitStore, ...claims: Claim[]): Promise<Hold> {
  const taken = await reserve(store, claims);
  if (taken.kind !== 'taken') throw new Error(`not taken but ${taken.kind}`);
  return taken.hold;
}

describe.skipIf(!hasTestRedis({ isRequired: process.env.TESTS_REQUIRE_ALL === '1' }))(
  'counts in Redis',
  () => {
    let redis: TestRedis;
    let admin: RedisConnection;
    beforeAll(async () => {
      redis = await openTestRedis();
      admin = connectTo(redis);
    });
    afterAll(async () => {
      admin.close();
      await redis.close();
    });
    let opened: Awaited<ReturnType<typeof openTestLimits>>[] = [];
    const open = async (deps?: Parameters<typeof openTestLimits>[1]) => {
      const server = await openTestLimits(redis, deps);
      opened.push(server);
      return server;
    };
    // One that lived on would say anew what it holds.
    afterEach(() => {
      for (const server of opened) server.close();
      opened = [];
    });
    beforeEach(async () => {
      await waitUntil(async () => admin.isReady());
      await ask(admin, 'FLUSHALL');
    });

    test('hold under a thousand callers on two servers, one of which is killed with calls in flight', async () => {
      // Its lease is short, so that the test need not wait long for its end.
      const first = await open({ leaseMs: 1_500, renewMs: 200 });
      const second = await open();
      let excess = 0;
      let refused = 0;
      // Calls that never settle: their server dies under them.
      for (let call = 0; call < 12; call += 1) {
        await take(first, ...[requests, tokens, calls, quota, budget].map((limit) => claim(limit, 50, 10)));
      }
      const check = async (): Promise<void> => {
        for (const limit of [requests, tokens, calls, quota, budget]) {
          const used = (await second.read(limit, ''))?.used ?? Number.NaN;
          expect(used).toBeGreaterThanOrEqual(0);
          expect(used).toBeLessThanOrEqual(limit.max + excess);
        }
      };
      await Promise.all(
        Array.from({ length: 1_000 }, async (_, at) => {
          const amount = 50 + ((at * 7_919) % 300);
          const server = at % 2 === 0 ? first : second;
          const claims = [requests, tokens, calls, quota, budget].map((limit) => claim(limit, amount, 10));
          const taken = await reserve(server, claims);
          if (taken.kind !== 'taken') {
            refused += 1;
            return;
          }
          const used = at % 5 === 0 ? 0 : at % 7 === 0 ? amount + 50 : Math.floor(amount / 2);
          excess += Math.max(0, used - amount);
          server.settle(
            taken.hold,
            claims.map(() => used),
          );
          if (at % 100 === 1) await check();
        }),
      );
      expect(refused).toBeGreaterThan(0);
      await check();
      await ask(first.connection, 'PING');
      const heldBefore = (await second.read(calls, ''))?.used;
      first.connection.close();
      // What the dead server held is held until its lease runs out.
      expect(heldBefore).toBe(12 * 50);
      await waitUntil(async () => (await second.read(calls, ''))?.used === 0);
      await check();
    }, 60_000);

    test('know nothing of what was held once a lease has run out, but its floor', async () => {
      const dying = await open({ leaseMs: 200, renewMs: 50 });
      const living = await open();
      await take(dying, claim(budget, 150_000, 4_000), claim(calls, 1));
      expect((await reserve(living, [claim(budget, 60_000)])).kind).toBe('refused');
      dying.connection.close();
      await waitUntil(async () => (await living.read(calls, ''))?.used === 0);
      expect(await living.read(budget, '')).toMatchObject({ used: 4_000, reserved: 0 });
      expect((await reserve(living, [claim(budget, 60_000)])).kind).toBe('taken');
    });

    test('keep what is held while its server lives, however long that takes', async () => {
      const server = await open({ leaseMs: 300, renewMs: 50 });
      await take(server, claim(budget, 150_000));
      const from = performance.now();
      await waitUntil(() => performance.now() - from > 900);
      expect(await server.read(budget, '')).toMatchObject({ used: 150_000, reserved: 150_000 });
    });

    test('come back after a lost connection with what is held and what was settled meanwhile', async () => {
      const told: LimitNews['kind'][] = [];
      const tell = ({ kind }: LimitNews) => void told.push(kind);
      const server = await open({ tell, whenAway: 'open', retryMs: 50 });
      const kept = await take(server, claim(budget, 1_000), claim(calls, 3));
      const gone = await take(server, claim(budget, 500), claim(calls, 2));
      server.connection.onLost(() => server.settle(gone, [450, 0]));
      await ask(admin, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await waitUntil(() => told.includes('counters_back'));
      expect(await server.read(budget, '')).toMatchObject({ used: 1_450, reserved: 1_000 });
      expect(await server.read(calls, '')).toMatchObject({ used: 3 });
      server.settle(kept, [900, 0]);
      await waitUntil(async () => (await server.read(budget, ''))?.reserved === 0);
      expect(await server.read(budget, '')).toMatchObject({ used: 1_350 });
      expect(told.filter((kind) => kind !== 'warned')).toEqual(['counters_away', 'counters_back']);
    });

    test('that Redis has lost begin with what is durable, and with what is held', async () => {
      const asked: string[] = [];
      const server = await open({
        findSpent: async (counts) => {
          asked.push(...counts.map(({ limitId }) => limitId));
          return counts.map(() => 120_000);
        },
      });
      await take(server, claim(budget, 1_000));
      expect(await server.read(budget, '')).toMatchObject({ used: 121_000 });
      await ask(admin, 'FLUSHALL');
      const hold = await take(server, claim(budget, 2_000));
      expect(await server.read(budget, '')).toMatchObject({ used: 123_000, reserved: 3_000 });
      // Once for each data; or twice, where what is held was asked for as well.
      expect(new Set(asked)).toEqual(new Set(['bud_cost']));
      server.settle(hold, [1]);
      await waitUntil(async () => (await server.read(budget, ''))?.used === 121_001);
    });

    test('that do not answer refuse every limited call where the operator chose so', async () => {
      const server = await open({ whenAway: 'closed', deadlineMs: 100, retryMs: 50 });
      await take(server, claim(budget, 1));
      redis.pause();
      try {
        const from = performance.now();
        expect((await reserve(server, [claim(budget, 1)])).kind).toBe('away');
        expect(performance.now() - from).toBeLessThan(2_000);
        expect(server.isAway()).toBe(true);
      } finally {
        redis.resume();
      }
      await waitUntil(() => !server.isAway());
      // The late answer's amount was given back.
      expect(await server.read(budget, '')).toMatchObject({ used: 1, reserved: 1 });
    });

    test('that do not answer leave each server its own, from what was spent so far', async () => {
      const usage = createTestUsage(() => ['one']);
      const { fleet, findSpent, journal } = usage.server('one');
      const server = await open({ whenAway: 'open', retryMs: 50, fleet, findSpent, journal });
      const first = await take(server, claim(budget, 150_000));
      server.settle(first, [150_000]);
      await waitUntil(async () => (await server.read(budget, ''))?.reserved === 0);
      await redis.kill();
      await waitUntil(() => server.isAway());
      expect((await reserve(server, [claim(budget, 60_000)])).kind).toBe('refused');
      const local = await take(server, claim(budget, 40_000));
      server.settle(local, [30_000]);
      await redis.restart();
      await waitUntil(() => !server.isAway());
      expect(await server.read(budget, '')).toMatchObject({ used: 180_000 });
      expect(usage.durable(budget.id)).toBe(180_000);
    });

    test('are never without an end in Redis', async () => {
      const server = await open();
      const hold = await take(server, claim(requests, 1), claim(calls, 1), claim(quota, 5), claim(budget, 5));
      server.settle(hold, [1, 0, 4, 9]);
      await ask(server.connection, 'PING');
      const keys = (await ask(admin, 'KEYS', '*')) as string[];
      expect(keys.length).toBeGreaterThan(3);
      for (const key of keys) {
        expect(key.startsWith(KEY_PREFIX)).toBe(true);
        expect(Number(await ask(admin, 'PTTL', key)), key).toBeGreaterThan(0);
      }
    });

    test('go on when Redis has forgotten the scripts', async () => {
      const server = await open();
      await ask(admin, 'SCRIPT', 'FLUSH');
      const hold = await take(server, claim(budget, 5));
      server.settle(hold, [4]);
      await waitUntil(async () => (await server.read(budget, ''))?.reserved === 0);
      expect(await server.read(budget, '')).toMatchObject({ used: 4 });
    });
  },
);

test('a password in the address of Redis is in no error', async () => {
  const url = new Secret('redis://someone:swordfish-7@127.0.0.1:1/0');
  const errors: string[] = [];
  const connection = openRedisConnection({ url, connectTimeoutMs: 500, reconnectMsMax: 50 });
  connection.onLost((error) => errors.push(`${error.message} ${error.stack}`));
  await waitUntil(() => errors.length > 0);
  connection.send(['PING'], (reply) => errors.push(String(reply)));
  await waitUntil(() => errors.some((text) => text.includes('closed') || errors.length > 1));
  connection.close();
  expect(errors.join()).not.toContain('swordfish');
});
