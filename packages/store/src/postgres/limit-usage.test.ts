import { beforeEach, expect, test } from 'vitest';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import type { LimitDelta, LimitUsage } from './limit-usage-row.ts';
import { limitUsageTables } from './limit-usage-tables.ts';
import type { Postgres } from './open-postgres.ts';
import { acknowledgeKeyChanges } from './queries/acknowledge-key-changes.ts';

const DAY_MS = 86_400_000;
const today = Date.UTC(2026, 4, 3);

const deltaOf = (changes: Partial<LimitDelta> = {}): LimitDelta => ({
  limitId: 'bud_a',
  subject: '',
  periodStartMs: today,
  used: 0,
  held: 0,
  ...changes,
});

describeOnEveryPostgres('usage of limits', (engine) => {
  let db: Postgres;
  let usage: ReturnType<typeof limitUsageTables>['limitUsage'];
  beforeEach(async () => {
    db = await engine.open();
    usage = limitUsageTables(db).limitUsage;
  });

  const apply = (segment: string, deltas: LimitDelta[], serverId = 'srv_a') =>
    usage.applyLimitSegment({ segment, serverId, deltas });
  const usedOf = async (limitId = 'bud_a', subject = '') =>
    (await usage.findLimitUsage([{ limitId, subject, periodStartMs: today }]))[0]?.used;
  const charge = (serverId: string, goneIds: string[] = []) =>
    usage.chargeLimitFloors({ serverId, goneIds, seenWithinMs: 60_000 });

  test('a segment that comes twice, or at once from two sides, counts once', async () => {
    const deltas = [deltaOf({ used: 3 }), deltaOf({ used: 4 }), deltaOf({ limitId: 'bud_b', used: -2 })];
    const answers = await Promise.all([apply('1', deltas), apply('1', deltas), apply('1', deltas)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await apply('1', deltas)).toBe(false);
    expect([await usedOf(), await usedOf('bud_b')]).toEqual([7, -2]);
    expect(await apply('2', [deltaOf({ used: Number.MAX_SAFE_INTEGER - 7 })])).toBe(true);
    expect(await usedOf()).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('a segment that was forgotten is the only one that could count again', async () => {
    await apply('1', [deltaOf({ used: 1 })]);
    await apply('2', [deltaOf({ used: 1 })]);
    await usage.forgetLimitSegments({ segments: ['1'], appliedBeforeMs: 0 });
    expect([await apply('1', []), await apply('2', [])]).toEqual([true, false]);
  });

  test('two servers that write the same counts in other orders never block each other', async () => {
    const deltas = Array.from({ length: 50 }, (_, index) => deltaOf({ limitId: `lim_${index}`, used: 1 }));
    const runs = Array.from({ length: 20 }, (_, run) =>
      apply(`${run}`, run % 2 === 0 ? deltas : deltas.toReversed(), `srv_${run % 2}`),
    );
    expect(await Promise.all(runs)).toEqual(runs.map(() => true));
    expect(await usedOf('lim_49')).toBe(20);
  });

  test('what a server that is gone left under way is charged once, and what a living one holds is not', async () => {
    for (const serverId of ['srv_alive', 'srv_me'])
      await acknowledgeKeyChanges(db)({ serverId, sequence: 0 });
    for (const serverId of ['srv_alive', 'srv_me', 'srv_gone', 'srv_named']) {
      await apply(serverId, [deltaOf({ used: 100, held: 7 })], serverId);
    }
    await acknowledgeKeyChanges(db)({ serverId: 'srv_named', sequence: 0 });
    expect(await usedOf()).toBe(400);
    expect(await charge('srv_me')).toBe(1);
    expect(await usedOf()).toBe(407);
    expect(await charge('srv_me', ['srv_named'])).toBe(1);
    expect(await charge('srv_me', ['srv_named'])).toBe(0);
    expect(await usedOf()).toBe(414);
  });

  test('a server that was thought gone and settles after all is charged what it used and no more', async () => {
    await apply('1', [deltaOf({ held: 10 })], 'srv_slow');
    await charge('srv_me');
    expect(await usedOf()).toBe(10);
    await apply('2', [deltaOf({ used: 25, held: -10 })], 'srv_slow');
    await charge('srv_me', ['srv_slow']);
    expect(await usedOf()).toBe(25);
  });

  test('what a server has nothing under way of any more is forgotten, and what it holds stays', async () => {
    await apply('1', [deltaOf({ held: 5 }), deltaOf({ subject: 'ada', held: 7 })]);
    await apply('2', [deltaOf({ used: 5, held: -5 })]);
    expect(await usage.deleteEmptyLimitFloors({ serverId: 'srv_other' })).toBe(0);
    expect(await usage.deleteEmptyLimitFloors({ serverId: 'srv_a' })).toBe(1);
    expect(await usage.deleteEmptyLimitFloors({ serverId: 'srv_a' })).toBe(0);
    await charge('srv_me');
    expect([await usedOf(), await usedOf('bud_a', 'ada')]).toEqual([5, 7]);
  });

  test('no sum of absurd amounts leaves the numbers that can be counted with', async () => {
    await apply('1', [deltaOf({ used: Number.MAX_SAFE_INTEGER })]);
    expect(await apply('2', [deltaOf({ used: Number.MAX_SAFE_INTEGER })])).toBe(true);
    await apply('3', [deltaOf({ held: Number.MAX_SAFE_INTEGER })], 'srv_gone');
    await charge('srv_me');
    expect(await usedOf()).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('current counts are read page by page, and what is over is not among them', async () => {
    const subjects = Array.from({ length: 25 }, (_, index) => `user ${index}`);
    await apply('1', [
      ...subjects.map((subject) => deltaOf({ subject, used: 1 })),
      deltaOf({ periodStartMs: today - 3 * DAY_MS, used: 1 }),
      deltaOf({ limitId: 'bud_m', periodStartMs: Date.UTC(2026, 4, 1), used: 5 }),
      deltaOf({ limitId: 'bud_m', periodStartMs: Date.UTC(2026, 3, 1), used: 5 }),
    ]);
    const all: LimitUsage[] = [];
    for await (const page of usage.readCurrentLimitUsage(today + DAY_MS / 2)) all.push(...page);
    // A day of three days ago is the newest of its count; whoever loads it sees that it is over.
    expect(all).toHaveLength(27);
    expect(all.at(-1)).toEqual({
      limitId: 'bud_m',
      subject: '',
      periodStartMs: Date.UTC(2026, 4, 1),
      used: 5,
    });
  });

  test('pages get the fullest counts of each limit that they named, within the time they named', async () => {
    await apply('1', [
      deltaOf({ subject: 'a', used: 1 }),
      deltaOf({ subject: 'b', used: 3 }),
      deltaOf({ subject: 'c', used: 2 }),
      deltaOf({ subject: 'b', periodStartMs: today - DAY_MS, used: 9 }),
      deltaOf({ limitId: 'bud_other', used: 9 }),
      deltaOf({ limitId: 'bud_b', used: 4 }),
    ]);
    const asked = { limitIds: ['bud_a', 'bud_b', 'bud_none'], fromMs: today, untilMs: today + 1 };
    const listed = await usage.listLimitUsage({ ...asked, countsMax: 2 });
    expect(listed.map(({ limitId, subject, used }) => [limitId, subject, used])).toEqual([
      ['bud_a', 'b', 3],
      ['bud_a', 'c', 2],
      ['bud_b', '', 4],
    ]);
    expect(await usage.deleteOldLimitUsage({ beforeMs: today, limit: 10 })).toBe(1);
    expect(await usage.deleteOldLimitUsage({ beforeMs: today, limit: 10 })).toBe(0);
  });

  test('names are data, whatever is in them', async () => {
    const subject = `it's "quoted", {null} \\ ü`;
    await apply("'; drop table limit_usage; --", [deltaOf({ subject, used: 2 })]);
    expect(await usedOf('bud_a', subject)).toBe(2);
  });
});
