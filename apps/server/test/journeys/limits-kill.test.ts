import { afterAll, beforeAll, expect, test } from 'vitest';
import { INPUT_NANOS, OUTPUT_NANOS } from '../open-billing-upstream.ts';
import { type LimitLab, openLimitLab } from '../open-limit-lab.ts';
import { ESTIMATE_NANOS_MAX, heardOf, spendTheRest, storm, TOKENS } from '../storm.ts';
import { waitUntil } from '../wait-until.ts';

/** More than one call of these tests reserves at most: its prompt of at most 80 bytes, and its output. */
const WORST_NANOS = (80 / 2 + 16) * INPUT_NANOS + TOKENS * OUTPUT_NANOS;

let lab: LimitLab;
beforeAll(async () => {
  lab = await openLimitLab();
});
afterAll(() => lab?.close());

/** What PostgreSQL has once it has all that was settled: the next server of the folder says it before it listens. */
async function settled(limitId: string): Promise<number> {
  await lab.kill(0);
  await lab.start(0);
  return lab.used(limitId, 'day');
}

test('1,000 callers at once, whatever becomes of their calls, never spend more than one budget', async () => {
  const key = await lab.makeKey('storm');
  const max = 100 * WORST_NANOS;
  const budget = await lab.limit(key.id, { measure: 'cost', period: 'day', max });
  const { statuses, unreportedCount } = await storm(lab, { count: 1_000, key: key.secret, label: 'storm' });
  expect(statuses[402]).toBeGreaterThan(0);
  expect(statuses[200]).toBeGreaterThan(0);
  const rest = await spendTheRest(lab, { key: key.secret, label: 'storm' });
  expect(rest.last).toMatchObject({ status: 402, code: 'budget_exceeded' });

  const billed = heardOf(lab.upstream.bill('storm'), 'cost');
  const used = await settled(budget);
  expect(billed).toBeLessThanOrEqual(used);
  expect(used).toBeLessThanOrEqual(max);
  // Nothing stayed reserved: all but what one call needs was to be had.
  expect(used).toBeGreaterThan(max - WORST_NANOS);
  expect(used - billed).toBeLessThanOrEqual(unreportedCount * ESTIMATE_NANOS_MAX);
}, 60_000);

test('what a killed server had under way costs its floor and no more, and what was spent before stays spent', async () => {
  const key = await lab.makeKey('kill');
  const max = 40 * WORST_NANOS;
  const budget = await lab.limit(key.id, { measure: 'cost', period: 'day', max });
  let underWay = 0;
  for (let kill = 0; kill < 2; kill += 1) {
    const before = lab.upstream.bill('kill');
    await Promise.all(
      Array.from({ length: 5 }, () => lab.call({ key: key.secret, label: 'kill', output: TOKENS })),
    );
    const held = Array.from({ length: 6 }, () =>
      lab.call({ key: key.secret, label: 'kill', behaviour: 'wait', output: TOKENS }),
    );
    await waitUntil(() => lab.upstream.bill('kill').underWay === 6);
    await lab.kill(0);
    expect((await Promise.all(held)).every(({ isWhole }) => !isWhole)).toBe(true);
    underWay += 6;
    // Nobody listens any more, but a provider that is at work bills it.
    lab.upstream.release();
    await waitUntil(() => lab.upstream.bill('kill').requests === before.requests + 11);
    await lab.start(0);
    const used = await lab.used(budget, 'day');
    const bill = lab.upstream.bill('kill');
    expect(bill.unheard.requests).toBe(underWay);
    // All that was heard is charged, and of what was under way the input that the provider has read for sure.
    expect(used).toBeGreaterThan(heardOf(bill, 'cost'));
    expect(used).toBeLessThanOrEqual(bill.costNanos);
  }
  const rest = await spendTheRest(lab, { key: key.secret, label: 'kill' });
  expect(rest.last?.status).toBe(402);
  expect(await settled(budget)).toBeGreaterThan(max - WORST_NANOS);
  expect(heardOf(lab.upstream.bill('kill'), 'cost')).toBeLessThanOrEqual(max);
}, 90_000);

test.each([
  ['requests', 30, 'quota_exceeded'],
  ['tokens', 1_500, 'quota_exceeded'],
] as const)(
  'a limit on %s per day holds over a kill',
  async (measure, max, code) => {
    const key = await lab.makeKey(measure);
    const limitId = await lab.limit(key.id, { measure, period: 'day', max });
    const before = await storm(lab, { count: 16, key: key.secret, label: measure });
    expect(before.statuses[200]).toBeGreaterThan(0);
    const held = lab.call({ key: key.secret, label: measure, behaviour: 'wait' });
    await waitUntil(() => lab.upstream.bill(measure).underWay > 0);
    await lab.kill(0);
    await held;
    lab.upstream.release();
    await lab.start(0);
    const rest = await spendTheRest(lab, { key: key.secret, label: measure });
    expect(rest.last).toMatchObject({ status: 429, code });
    expect(await settled(limitId)).toBeLessThanOrEqual(max);
    const billed = heardOf(lab.upstream.bill(measure), measure);
    expect(billed).toBeLessThanOrEqual(max + (measure === 'tokens' ? TOKENS + 80 : 0));
  },
  60_000,
);

test('after a kill no call under way is counted any more', async () => {
  const key = await lab.makeKey('places');
  await lab.limit(key.id, { measure: 'concurrency', max: 3 });
  const hold = () => {
    const statuses: number[] = [];
    const calls = Array.from({ length: 5 }, async () => {
      const { status } = await lab.call({ key: key.secret, label: 'places', behaviour: 'wait' });
      statuses.push(status);
    });
    return { statuses, ended: Promise.all(calls) };
  };
  const first = hold();
  await waitUntil(() => lab.upstream.bill('places').underWay === 3 && first.statuses.length === 2);
  await lab.kill(0);
  await first.ended;
  lab.upstream.release();
  await lab.start(0);
  const second = hold();
  await waitUntil(() => lab.upstream.bill('places').underWay === 3 && second.statuses.length === 2);
  lab.upstream.release();
  await second.ended;
  expect(second.statuses.toSorted()).toEqual([200, 200, 200, 429, 429]);
  expect(lab.upstream.bill('places').underWayMax).toBe(3);
}, 60_000);
