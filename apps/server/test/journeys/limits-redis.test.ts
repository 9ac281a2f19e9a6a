import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDebianRedis, type TestRedis } from '../debian-redis.ts';
import { describeWithRedis } from '../describe-with-redis.ts';
import { INPUT_NANOS, OUTPUT_NANOS } from '../open-billing-upstream.ts';
import { type LimitLab, openLimitLab } from '../open-limit-lab.ts';
import { heardOf, spendTheRest, storm, TOKENS } from '../storm.ts';
import { waitUntil } from '../wait-until.ts';

/** More than one call of these tests reserves at most: its prompt of at most 80 bytes, and its output. */
const WORST_NANOS = (80 / 2 + 16) * INPUT_NANOS + TOKENS * OUTPUT_NANOS;
const OPEN = 0;
const CLOSED = 1;
const BOTH = [OPEN, CLOSED];

describeWithRedis('two servers over one Redis and one PostgreSQL', () => {
  let redis: TestRedis;
  let lab: LimitLab;
  beforeAll(async () => {
    redis = await openDebianRedis();
    lab = await openLimitLab({
      redisUrl: redis.url,
      // A deadline that a busy machine does not miss.
      servers: [
        ['counters_timeout_ms: 1000', 'counters_lease_seconds: 5', 'when_counters_are_away: open'],
        ['counters_timeout_ms: 1000', 'counters_lease_seconds: 5', 'when_counters_are_away: closed'],
      ],
    });
  });
  afterAll(async () => {
    await lab?.close();
    await redis?.close();
  });

  const shared = () =>
    waitUntil(async () => (await Promise.all(BOTH.map(lab.counters))).every((each) => each === 'shared'));

  test('300 callers of both servers never spend more than one budget', async () => {
    await shared();
    const key = await lab.makeKey('both');
    const max = 30 * WORST_NANOS;
    await lab.limit(key.id, { measure: 'cost', period: 'day', max });
    const run = { key: key.secret, label: 'both', servers: BOTH };
    const { statuses } = await storm(lab, { ...run, count: 300 });
    expect(statuses[402]).toBeGreaterThan(0);
    const rest = await spendTheRest(lab, run);
    expect(rest.last).toMatchObject({ status: 402, code: 'budget_exceeded' });
    expect(heardOf(lab.upstream.bill('both'), 'cost')).toBeLessThanOrEqual(max);
  }, 60_000);

  test.each([
    ['requests', 24],
    ['tokens', 1_000],
  ] as const)(
    'callers of both servers share one limit on %s',
    async (measure, max) => {
      const key = await lab.makeKey(measure);
      await lab.limit(key.id, { measure, period: 'day', max });
      const run = { key: key.secret, label: measure, servers: BOTH };
      await storm(lab, { ...run, count: 64 });
      const rest = await spendTheRest(lab, run);
      expect(rest.last).toMatchObject({ status: 429, code: 'quota_exceeded' });
      expect(heardOf(lab.upstream.bill(measure), measure)).toBeLessThanOrEqual(max);
    },
    60_000,
  );

  test('callers of both servers share their places', async () => {
    const key = await lab.makeKey('places');
    await lab.limit(key.id, { measure: 'concurrency', max: 4 });
    const calls = Array.from({ length: 40 }, (_, index) =>
      lab.call({ key: key.secret, label: 'places', behaviour: 'wait', server: index % 2 }),
    );
    const refused: number[] = [];
    for (const call of calls) void call.then(({ status }) => status === 429 && refused.push(status));
    await waitUntil(() => refused.length === 36 && lab.upstream.bill('places').underWay === 4);
    lab.upstream.release();
    await Promise.all(calls);
    expect(lab.upstream.bill('places').underWayMax).toBe(4);
  }, 60_000);

  test('a key that is revoked at one server ends at once there, and within five seconds at the other', async () => {
    const key = await lab.makeKey('revoked');
    for (const server of BOTH) {
      expect((await lab.call({ key: key.secret, label: 'revoked', server })).status).toBe(200);
    }
    const startedMs = performance.now();
    await lab.revokeKey(key.id);
    const goneAfterMs = await Promise.all(
      BOTH.map(async (server) => {
        const isGone = async () =>
          (await lab.call({ key: key.secret, label: 'revoked', server })).status === 401;
        await waitUntil(isGone, 10_000);
        return performance.now() - startedMs;
      }),
    );
    // At once is at most a second, and another for a machine that does much else.
    expect(goneAfterMs[OPEN]).toBeLessThan(2_000);
    expect(goneAfterMs[CLOSED]).toBeLessThan(5_000);
  });

  test('a hung Redis is waited for no longer than its deadline: one server counts alone, the other refuses', async () => {
    await shared();
    const key = await lab.makeKey('hung');
    const max = 30 * WORST_NANOS;
    await lab.limit(key.id, { measure: 'cost', period: 'day', max });
    const run = { key: key.secret, label: 'hung' };
    for (const server of BOTH) await lab.call({ ...run, server });
    redis.hang();
    try {
      const refused = await lab.call({ ...run, server: CLOSED });
      expect(refused).toMatchObject({ status: 503, code: 'store_unavailable' });
      // Its time-out for a first byte is 3 seconds: it would be refused if it waited for Redis.
      expect((await lab.call({ ...run, server: OPEN })).status).toBe(200);
      expect(await Promise.all(BOTH.map(lab.counters))).toEqual(['away', 'away']);
      expect(lab.servers[OPEN]?.output()).toContain('counts limits by itself');
      expect(lab.servers[CLOSED]?.output()).toContain('are refused');
      const alone = await spendTheRest(lab, { ...run, servers: [OPEN] });
      expect(alone.last?.status).toBe(402);
      expect(heardOf(lab.upstream.bill('hung'), 'cost')).toBeLessThanOrEqual(max);
    } finally {
      redis.goOn();
    }
    await shared();
    const rest = await spendTheRest(lab, { ...run, servers: BOTH });
    expect(rest.last?.status).toBe(402);
    expect(heardOf(lab.upstream.bill('hung'), 'cost')).toBeLessThanOrEqual(max);
  }, 60_000);

  test('a Redis that comes back empty has what was spent from PostgreSQL', async () => {
    const key = await lab.makeKey('empty');
    const max = 40 * WORST_NANOS;
    const budget = await lab.limit(key.id, { measure: 'cost', period: 'day', max });
    const run = { key: key.secret, label: 'empty', servers: BOTH };
    const first = Array.from({ length: 15 }, (_, index) => lab.call({ ...run, server: index % 2 }));
    for (const { status } of await Promise.all(first)) expect(status).toBe(200);
    const billed = lab.upstream.bill('empty').costNanos;
    await waitUntil(async () => (await lab.used(budget, 'day')) >= billed);
    await redis.kill();
    await waitUntil(async () => (await lab.counters(OPEN)) === 'away');
    for (let call = 0; call < 12; call += 1) {
      expect((await lab.call({ ...run, server: OPEN })).status).toBe(200);
    }
    await redis.start();
    await shared();
    const rest = await spendTheRest(lab, run);
    expect(rest.last?.status).toBe(402);
    const spent = heardOf(lab.upstream.bill('empty'), 'cost');
    expect(spent).toBeLessThanOrEqual(max);
    // Nothing was counted twice either: all but what one call needs was to be had.
    expect(spent).toBeGreaterThan(max - WORST_NANOS);
  }, 60_000);

  test('what a killed server held is free again when its lease ends, but for its floors', async () => {
    await shared();
    const key = await lab.makeKey('lease');
    const max = 40 * WORST_NANOS;
    const budget = await lab.limit(key.id, { measure: 'cost', period: 'day', max });
    await lab.limit(key.id, { measure: 'concurrency', max: 5 });
    const run = { key: key.secret, label: 'lease' };
    const held = Array.from({ length: 5 }, () =>
      lab.call({ ...run, behaviour: 'wait', server: CLOSED, output: TOKENS }),
    );
    await waitUntil(() => lab.upstream.bill('lease').underWay === 5);
    await lab.kill(CLOSED);
    await Promise.all(held);
    lab.upstream.release();
    expect((await lab.call({ ...run, server: OPEN })).status).toBe(429);
    await waitUntil(async () => (await lab.call({ ...run, server: OPEN })).status === 200, 40_000);
    const rest = await spendTheRest(lab, { ...run, servers: [OPEN] });
    expect(rest.last?.status).toBe(402);
    const bill = lab.upstream.bill('lease');
    expect(bill.unheard.requests).toBe(5);
    expect(heardOf(bill, 'cost')).toBeLessThanOrEqual(max);
    await lab.start(CLOSED);
    // The next server of that folder charges the same floors where it lasts.
    await waitUntil(async () => (await lab.used(budget, 'day')) > heardOf(bill, 'cost'));
    expect(await lab.used(budget, 'day')).toBeGreaterThan(max - WORST_NANOS);
    expect(await lab.used(budget, 'day')).toBeLessThanOrEqual(max);
  }, 90_000);
});
