import { createFindPeriod, createMemoryLimits } from '@app/gateway';
import { createFakeClock } from '@app/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';
import { waitUntil } from '../../../test/wait-until.ts';
import { openCarryOver } from './open-carry-over.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A moment far enough ahead that every budget of these tests is older than the period it is in. */
const first = Date.UTC(2040, 0, 1);

let server: TestManagement;
let segments = 0;
beforeAll(async () => {
  server = await openTestManagement();
}, 60_000);
afterAll(() => server.close());

const place = () => ({ organizationId: server.project.organizationId, projectId: server.project.id });

/** A job of a server whose clock is at that hour after the first day began. */
function open(hours: number) {
  const { clock, schedule, advance } = createFakeClock(first + hours * HOUR);
  const { limits, limitUsage } = server.test.store;
  const job = openCarryOver({
    limits,
    usage: limitUsage,
    findPeriod: createFindPeriod(),
    settleMs: HOUR,
    newId: (prefix) => prefix + crypto.randomUUID(),
    nowMs: clock.nowMs,
    schedule,
    onWarning: (_, error) => expect(error).toBeUndefined(),
  });
  return { job, clock, advance };
}

const run = async (hours: number) => {
  const { job } = open(hours);
  await job.run();
  await job.close();
};

async function spend(limitId: string, day: number, spent: { [subject: string]: number }) {
  segments += 1;
  await server.test.store.limitUsage.applyLimitSegment({
    segment: `carry ${segments}`,
    serverId: 'srv_test',
    deltas: Object.entries(spent).map(([subject, used]) => ({
      ...{ limitId, subject, periodStartMs: first + day * DAY },
      ...{ used, held: 0 },
    })),
  });
}

const create = (more: { id?: string; carry_over?: boolean } = {}) =>
  server.budgets.create(place(), {
    name: 'carries',
    scope: { kind: 'user', id: more.id ?? 'ann' },
    amount_usd: '10',
    period: 'day',
    carry_over: more.carry_over ?? true,
  });

/** What the budget has on a day beyond its ten dollars, in dollars, as servers know it. */
async function extraOn(id: string, day: number): Promise<{ [subject: string]: number }> {
  const rows = await server.test.store.limits.listLimitExtras(place().organizationId, {
    limitIds: [id],
    sinceMs: first + day * DAY,
  });
  const ofDay = rows.filter((row) => row.periodStartMs === first + day * DAY);
  return Object.fromEntries(ofDay.map(({ subject, amount }) => [subject, amount / 1e9]));
}

describe('what a budget leaves', () => {
  test('is added to the next period once its calls are over, once, and holds for the next call', async () => {
    const { id } = await create();
    await spend(id, 0, { '': 4_000_000_000 });
    await run(24.5);
    expect(await extraOn(id, 1)).toEqual({});
    await Promise.all([run(25), run(25), run(26)]);
    expect(await extraOn(id, 1)).toEqual({ '': 6 });
    await server.test.store.limits.waitForAcknowledgement(
      await server.test.store.limits.findLimitSequence(),
      5_000,
    );
    const limit = server.limitSync.findLimit(id);
    if (limit === undefined) throw new Error('The budget is not known.');
    const { clock } = createFakeClock(first + 26 * HOUR);
    const counts = createMemoryLimits({ clock });
    expect(counts.read(limit, '')).toMatchObject({ max: 16_000_000_000 });
    const dayLater = createMemoryLimits({ clock: createFakeClock(first + 50 * HOUR).clock });
    expect(dayLater.read(limit, '')).toMatchObject({ max: 10_000_000_000 });
  });

  test('is at most one amount, whatever was carried before', async () => {
    const { id } = await create();
    await run(25);
    expect(await extraOn(id, 1)).toEqual({ '': 10 });
    await spend(id, 1, { '': 3_000_000_000 });
    await run(49);
    expect(await extraOn(id, 2)).toEqual({ '': 10 });
    await spend(id, 2, { '': 25_000_000_000 });
    await run(73);
    expect(await extraOn(id, 3)).toEqual({});
  });

  test('is each one’s own under a scope of all, and nobody’s who never called', async () => {
    const { id } = await create({ id: '*' });
    await spend(id, 0, { ann: 1_000_000_000, bob: 10_000_000_000, eve: 99_000_000_000 });
    await run(25);
    expect(await extraOn(id, 1)).toEqual({ ann: 9 });
  });

  test('is nothing where nobody asked for it, and of a period before the budget was made', async () => {
    const { id } = await create({ carry_over: false });
    await run(25);
    expect(await extraOn(id, 1)).toEqual({});
    const { id: fresh } = await create();
    const { job, clock } = open(0);
    expect(clock.nowMs()).toBe(first);
    await job.close();
    const made = await server.budgets.get(place(), fresh);
    const dayOfMaking = Math.floor((Date.parse(made.created_at) - first) / DAY);
    await run((dayOfMaking + 1) * 24 - 1);
    expect(await extraOn(fresh, dayOfMaking)).toEqual({});
  });

  test('is looked for again and again while the server runs', async () => {
    const { id } = await create();
    const { job, advance } = open(24.99);
    advance(60_000);
    await waitUntil(async () => (await extraOn(id, 1))[''] === 10);
    await job.close();
  });
});
