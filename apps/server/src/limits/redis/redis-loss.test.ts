import type { Claim, Hold, Limit, LimitStore } from '@app/gateway';
import { hasTestRedis, modelLimits, openTestRedis, type TestRedis } from '@app/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestUsage, type TestUsage } from '../../../test/create-test-usage.ts';
import { ask, connectTo, openTestLimits, reserve } from '../../../test/open-redis-system.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import type { RedisConnection } from './open-redis-connection.ts';

const budget = modelLimits().find(({ measure }) => measure === 'cost') as Limit;
const MAX = budget.max;

function claim(amount: number): Claim {
  return { limit: budget, subject: '', amount, floor: 0 };
}

async function take(store: LimitStore, amount: number): Promise<Hold> {
  const taken = await reserve(store, [claim(amount)]);
  if (taken.kind !== 'taken') throw new Error(`not taken but ${taken.kind}`);
  return taken.hold;
}

describe.skipIf(!hasTestRedis({ isRequired: process.env.TESTS_REQUIRE_ALL === '1' }))(
  'a Redis that loses its data',
  () => {
    let redis: TestRedis;
    let admin: RedisConnection;
    let usage: TestUsage;
    let live: string[];
    let opened: Awaited<ReturnType<typeof openTestLimits>>[] = [];
    beforeAll(async () => {
      redis = await openTestRedis();
      admin = connectTo(redis);
    });
    afterAll(async () => {
      admin.close();
      await redis.close();
    });
    beforeEach(async () => {
      await waitUntil(() => admin.isReady());
      await ask(admin, 'FLUSHALL');
      live = [];
      usage = createTestUsage(() => live);
    });
    afterEach(() => {
      for (const server of opened) server.close();
      opened = [];
    });
    const open = async (id: string, deps: Parameters<typeof openTestLimits>[1] = {}) => {
      live.push(id);
      const { write, setReachable, ...own } = usage.server(id);
      const waits = { retryMs: 50, renewMs: 50, rollCallMs: 20_000 };
      const server = await openTestLimits(redis, { ...waits, ...own, ...deps });
      opened.push(server);
      return { ...server, write, setReachable };
    };
    const spend = async (server: LimitStore, amount: number) => {
      server.settle(await take(server, amount), [amount]);
    };
    const settled = (server: { connection: RedisConnection }) => ask(server.connection, 'PING');
    const lose = async (how: 'flushed' | 'restarted') => {
      if (how === 'flushed') await ask(admin, 'FLUSHALL');
      else await redis.restart();
    };

    test.each(['flushed', 'restarted'] as const)(
      'that is %s has what the other server settled and did not write yet',
      async (how) => {
        const first = await open('first');
        const second = await open('second');
        await spend(second, 150_000);
        await settled(second);
        expect(usage.durable(budget.id)).toBe(0);
        await lose(how);
        await waitUntil(async () => (await first.read(budget, ''))?.used === 150_000);
        expect((await reserve(first, [claim(60_000)])).kind).not.toBe('taken');
        await waitUntil(() => !first.isAway() && !second.isAway());
        expect((await reserve(first, [claim(60_000)])).kind).toBe('refused');
        await spend(first, 50_000);
        expect((await first.read(budget, ''))?.used).toBe(MAX);
      },
    );

    test('never lets a budget be exceeded, whenever and however often it does so under load', async () => {
      const servers = [await open('first'), await open('second')];
      let spent = 0;
      let isOver = false;
      let losses = 0;
      const caller = async (at: number): Promise<void> => {
        for (let call = at; !isOver; call += 1) {
          const server = servers[(at + call) % 2];
          const taken = server && (await reserve(server, [claim(400)]));
          if (taken?.kind === 'taken') {
            // Another turn, so that holds are under way when Redis loses them.
            await new Promise((resolve) => setTimeout(resolve, call % 5));
            spent += 300;
            server?.settle(taken.hold, [300]);
          } else if (taken?.kind === 'refused') {
            // A machine that is slow may spend it all before Redis has lost its data so often.
            isOver = true;
          } else await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const lost = async () => {
        for (; losses < LOSSES && !isOver; losses += 1) {
          const before = spent;
          await waitUntil(() => isOver || spent > before + 6_000);
          if (losses % 2 === 0) servers[1]?.write();
          await lose(losses % 2 === 0 ? 'flushed' : 'restarted');
          await waitUntil(() => servers.every((server) => !server.isAway()));
        }
      };
      await Promise.all([lost(), ...Array.from({ length: 20 }, (_, at) => caller(at))]);
      for (const server of servers) server.write();
      expect(usage.durable(budget.id)).toBe(spent);
      expect(losses).toBeGreaterThan(0);
      expect(spent).toBeLessThanOrEqual(MAX);
    }, 60_000);

    test('does not have twice what was settled while it was away, whoever comes back first', async () => {
      const first = await open('first', { whenAway: 'open' });
      const second = await open('second', { whenAway: 'open' });
      await redis.kill();
      await waitUntil(() => first.isAway() && second.isAway());
      await spend(first, 30_000);
      await spend(second, 40_000);
      await redis.restart();
      await waitUntil(() => !first.isAway() && !second.isAway());
      await spend(first, 10_000);
      await spend(second, 10_000);
      await settled(second);
      expect((await first.read(budget, ''))?.used).toBe(90_000);
    });

    test('or does not answer leaves each server its part of what is left, however they call', async () => {
      const servers = [
        await open('first', { whenAway: 'open' }),
        await open('second', { whenAway: 'open' }),
      ] as const;
      const [first, second] = servers;
      await spend(first, 20_000);
      const held = await take(second, 30_000);
      await redis.kill();
      await waitUntil(() => servers.every((server) => server.isAway()));
      let spent = 50_000;
      const spendAll = async (server: LimitStore): Promise<void> => {
        for (;;) {
          const taken = await reserve(server, [claim(700)]);
          if (taken.kind !== 'taken') return;
          spent += 700;
          server.settle(taken.hold, [700]);
        }
      };
      await Promise.all([...servers, ...servers].map(spendAll));
      second.settle(held, [30_000]);
      await Promise.all(servers.map(spendAll));
      expect(spent).toBeLessThanOrEqual(MAX);
      // Neither had all of it, and little was left.
      expect(spent).toBeGreaterThan(MAX - 4 * 700);
      await redis.restart();
      await waitUntil(() => servers.every((server) => !server.isAway()));
      expect((await first.read(budget, ''))?.used).toBe(spent);
    });

    test('counts on without a server that does not come, and has what it settled when it comes', async () => {
      const first = await open('first', { rollCallMs: 200 });
      const second = await open('second');
      await spend(second, 150_000);
      second.setReachable(false);
      await redis.restart();
      await waitUntil(() => !first.isAway());
      await spend(first, 1_000);
      expect((await first.read(budget, ''))?.used).toBe(1_000);
      expect(second.isAway()).toBe(true);
      second.setReachable(true);
      await waitUntil(() => !second.isAway());
      await settled(second);
      expect((await first.read(budget, ''))?.used).toBe(151_000);
    });

    test('and comes back with an old copy of it is believed nothing of', async () => {
      const server = await open('first');
      await spend(server, 10_000);
      await settled(server);
      const [key] = (await ask(admin, 'KEYS', `*c:${budget.id}:*`)) as string[];
      const old = (await ask(admin, 'HGETALL', key ?? '')) as string[];
      const data = (await ask(admin, 'HGETALL', '{tokenrouter}:data')) as string[];
      await spend(server, 150_000);
      await redis.restart();
      // As a snapshot of before would have it.
      await waitUntil(() => admin.isReady());
      await ask(admin, 'DEL', '{tokenrouter}:data');
      await ask(admin, 'HSET', '{tokenrouter}:data', ...data);
      await ask(admin, 'HSET', key ?? '', ...old);
      for (const { connection } of opened)
        await ask(connection, 'CLIENT', 'KILL', 'TYPE', 'normal').catch(() => '');
      await waitUntil(async () => !server.isAway() && (await server.read(budget, ''))?.used === 160_000);
      expect((await reserve(server, [claim(60_000)])).kind).toBe('refused');
    });
  },
);

const LOSSES = 8;
