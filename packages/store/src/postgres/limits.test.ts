import { beforeAll, expect, test } from 'vitest';
import { budgetOf, limitOf } from '../../test/limits.ts';
import { describeOnEveryPostgres } from '../../test/postgres-engines.ts';
import { silentLog } from '../../test/silent-log.ts';
import { insertTenant } from '../../test/tenants.ts';
import { waitUntil } from '../../test/wait-until.ts';
import type { LimitTables } from './limit-tables.ts';
import { limitTables } from './limit-tables.ts';
import { openChangeFeeds } from './open-change-feeds.ts';
import type { Postgres } from './open-postgres.ts';

const may = Date.UTC(2026, 4, 1);
const june = Date.UTC(2026, 5, 1);

describeOnEveryPostgres('limits', (engine) => {
  let db: Postgres;
  let limits: LimitTables;
  beforeAll(async () => {
    db = await engine.open();
    for (const name of ['a', 'b', 'pages', 'notices']) await insertTenant(db, name);
    limits = limitTables(db, openChangeFeeds(db, silentLog).limits).limits;
  });

  test('a limit and a budget come back as they were put in, with the zone of their organization', async () => {
    const limit = limitOf('a', 1, { createdBy: 'user_1' });
    const stored = { ...limit, organizationId: 'org_a', zone: 'UTC' };
    expect((await limits.insertLimit('org_a', limit)).limit).toEqual(stored);
    expect(await limits.findLimit('org_a', found(limit))).toEqual(stored);
    const budget = budgetOf('a', 1, { action: 'route', routeModel: 'openai/small', owner: 'a@example.com' });
    await limits.insertLimit('org_a', budget);
    expect((await limits.findLimit('org_a', found(budget)))?.budget).toEqual(budget.budget);
  });

  test("another organization's or project's limit cannot be found, changed or deleted", async () => {
    const limit = limitOf('b', 1);
    await limits.insertLimit('org_b', limit);
    const whole = limitOf('b', 2, { projectId: undefined });
    await limits.insertLimit('org_b', whole);
    for (const [organization, asked] of [
      ['org_a', found(limit)],
      ['org_b', { ...found(limit), projectId: 'proj_a' }],
      ['org_b', { ...found(limit), projectId: undefined }],
      ['org_b', { ...found(limit), isBudget: true }],
      ['org_b', { ...found(whole), projectId: 'proj_b' }],
    ] as const) {
      expect(await limits.findLimit(organization, asked)).toBeUndefined();
      expect(await limits.updateLimit(organization, { ...asked, max: 1 })).toBeUndefined();
      expect(await limits.deleteLimit(organization, { ...asked, deletedAtMs: june })).toBeUndefined();
    }
    await expect(limits.insertLimit('org_a', limitOf('b', 3))).rejects.toMatchObject({ code: 'conflict' });
    expect(await limits.findLimit('org_b', found(whole))).toMatchObject({ max: 1_000 });
  });

  test.each([
    ['concurrency has no period', limitOf('a', 20, { measure: 'concurrency' })],
    ['everything else has one', limitOf('a', 20, { period: undefined })],
    ['no amount is negative', limitOf('a', 20, { max: -1 })],
    ['a budget counts cost', { ...budgetOf('a', 20), measure: 'tokens' as const }],
    ['a budget lasts a day or a month', { ...budgetOf('a', 20), period: 'hour' as const }],
    ['who routes names a model', budgetOf('a', 20, { action: 'route' })],
    ['who does not, names none', budgetOf('a', 20, { routeModel: 'x' })],
  ])('the table itself refuses what cannot be: %s', async (_, limit) => {
    await expect(limits.insertLimit('org_a', limit)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a change leaves what it does not name, and can take an owner away', async () => {
    const budget = budgetOf('a', 2, { owner: 'a@example.com', action: 'route', routeModel: 'm' });
    await limits.insertLimit('org_a', budget);
    const asked = found(budget);
    const named = await limits.updateLimit('org_a', { ...asked, name: 'new', max: 5 });
    expect(named?.limit).toMatchObject({ ...budget, name: 'new', max: 5 });
    const changed = await limits.updateLimit('org_a', { ...asked, owner: null, action: { kind: 'ask' } });
    expect(changed?.limit.budget).toEqual({
      ...budget.budget,
      owner: undefined,
      action: 'ask',
      routeModel: undefined,
    });
  });

  test('pages hold every limit once, newest first, while others arrive', async () => {
    for (let index = 0; index < 12; index += 1) {
      await limits.insertLimit('org_pages', limitOf('pages', index, { createdAtMs: may + (index % 3) }));
    }
    await limits.insertLimit('org_pages', budgetOf('pages', 1));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 5; page += 1) {
      const asked = { projectId: 'proj_pages', isBudget: false, limit: 5, cursor };
      const { limits: rows, nextCursor } = await limits.listLimits('org_pages', asked);
      seen.push(...rows.map((each) => each.id));
      await limits.insertLimit('org_pages', limitOf('pages', 100 + page, { createdAtMs: june }));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    expect(
      await limits.countLimits('org_pages', {
        projectId: 'proj_pages',
        scope: { kind: 'user', id: '*' },
      }),
    ).toEqual({ total: 16, alike: 1 });
  });

  test('servers hear of every change in order, of deletions, and of what a period has beyond its amount', async () => {
    const since = await limits.findLimitSequence();
    const heard: number[] = [];
    let gaps = 0;
    const stop = limits.listenLimitChanges({
      onSequence: (sequence) => heard.push(sequence),
      onGap: () => {
        gaps += 1;
      },
    });
    await waitUntil(() => gaps === 1);
    const budget = budgetOf('a', 3);
    await limits.insertLimit('org_a', budget);
    await limits.insertBudgetGrant('org_a', grantOf(budget.id, 'ann', 5));
    await limits.insertBudgetGrant('org_a', { ...grantOf(budget.id, 'ann', 2), periodStartMs: may - 1 });
    await limits.insertBudgetGrant('org_a', grantOf(budget.id, 'ann', 3));
    await limits.insertBudgetGrant('org_a', grantOf(budget.id, '', 4));
    const [change, ...more] = await limits.listLimitChanges({ since, limit: 10 });
    expect(more).toEqual([]);
    expect(change).toMatchObject({ id: budget.id, isDeleted: false, extra: { periodStartMs: may } });
    expect(new Map(change?.extra?.bySubject)).toEqual(
      new Map([
        ['ann', 8],
        ['', 4],
      ]),
    );
    const gone = await limits.deleteLimit('org_a', { ...found(budget), deletedAtMs: june });
    const [last] = await limits.listLimitChanges({ since: change?.sequence ?? 0, limit: 10 });
    expect(last).toMatchObject({ id: budget.id, isDeleted: true, sequence: gone?.sequence });
    await waitUntil(() => heard.includes(gone?.sequence ?? -1));
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(await limits.findLimit('org_a', found(budget))).toBeUndefined();
    stop();
  });

  test('another zone of an organization is a change of its limits, another name is not', async () => {
    await insertTenant(db, 'zoned');
    await limits.insertLimit('org_zoned', limitOf('zoned', 1));
    const since = await limits.findLimitSequence();
    await db.rows("update organizations set name = 'x' where id = 'org_zoned'", []);
    expect(await limits.listLimitChanges({ since, limit: 10 })).toEqual([]);
    await db.rows("update organizations set zone = 'Asia/Tokyo' where id = 'org_zoned'", []);
    expect(await limits.listLimitChanges({ since, limit: 10 })).toMatchObject([{ zone: 'Asia/Tokyo' }]);
  });

  test('a writer waits until every live server has applied its change of limits', async () => {
    const { sequence } = await limits.insertLimit('org_a', limitOf('a', 4));
    expect(await limits.waitForAcknowledgement(sequence, 5_000)).toBe(true);
    await limits.acknowledge({ serverId: 'srv_1', sequence: sequence - 1 });
    expect(await limits.waitForAcknowledgement(sequence, 50)).toBe(false);
    const waiting = limits.waitForAcknowledgement(sequence, 10_000);
    await limits.acknowledge({ serverId: 'srv_1', sequence });
    expect(await waiting).toBe(true);
    await db.rows('delete from live_servers', []);
  });

  test('what is granted and changed at once neither waits for each other nor passes what a period may have', async () => {
    const budget = budgetOf('a', 31);
    await limits.insertLimit('org_a', budget);
    const { id, projectId } = budget;
    const change = { projectId, id, isBudget: true };
    const all = Array.from({ length: 20 }, (_, at) => [
      limits.insertBudgetGrant('org_a', grantOf(id, '', 9)),
      limits.updateLimit('org_a', { ...change, max: at + 1 }),
    ]);
    const granted = (await Promise.all(all.map(([grant]) => grant))).filter((extra) => extra !== undefined);
    await Promise.all(all.flat());
    // Eleven times nine is the most that is under a hundred.
    expect(granted).toHaveLength(11);
  });

  test('a period has never more granted than it may, and only budgets are granted anything', async () => {
    const budget = budgetOf('a', 5);
    await limits.insertLimit('org_a', budget);
    expect(await limits.insertBudgetGrant('org_a', grantOf(budget.id, '', 60))).toBe(60);
    expect(await limits.insertBudgetGrant('org_a', grantOf(budget.id, '', 50))).toBeUndefined();
    expect(await limits.insertBudgetGrant('org_a', grantOf(budget.id, '', 40))).toBe(100);
    expect(await limits.insertBudgetGrant('org_b', grantOf(budget.id, '', 1))).toBeUndefined();
    expect(await limits.insertBudgetGrant('org_a', grantOf('lim_a_1', '', 1))).toBeUndefined();
    const asked = { limitIds: [budget.id], sinceMs: may };
    expect(await limits.listLimitExtras('org_a', asked)).toEqual([
      { limitId: budget.id, periodStartMs: may, subject: '', amount: 100 },
    ]);
    expect(await limits.listLimitExtras('org_b', asked)).toEqual([]);
  });

  test('what a period left is carried over once, although two servers do it at the same time', async () => {
    const budget = budgetOf('a', 6, { carriesOver: true });
    await limits.insertLimit('org_a', budget);
    const due = await limits.listCarryingBudgets({ nowMs: june, limit: 10, afterId: '' });
    expect(due.map((each) => each.id)).toEqual([budget.id]);
    const carry = (server: string) =>
      limits.insertCarryOver({
        limitId: budget.id,
        periodStartMs: june,
        createdAtMs: june,
        carried: ['ann', 'bob'].map((subject) => ({ id: `ext_${server}_${subject}`, subject, amount: 7 })),
      });
    expect((await Promise.all([carry('one'), carry('two')])).toSorted()).toEqual([false, true]);
    expect(await limits.listLimitExtras('org_a', { limitIds: [budget.id], sinceMs: may })).toHaveLength(2);
    expect(await limits.listCarryingBudgets({ nowMs: june, limit: 10, afterId: '' })).toEqual([]);
    const july = Date.UTC(2026, 6, 1);
    expect(await limits.listCarryingBudgets({ nowMs: july, limit: 10, afterId: '' })).toHaveLength(1);
  });

  test('a notice is kept once, tells the owner, and again once more is available', async () => {
    const budget = budgetOf('notices', 1, { owner: 'ann@example.com', action: 'ask' });
    await limits.insertLimit('org_notices', budget);
    const notice = (id: string, changes: object = {}) => ({
      id,
      budgetId: budget.id,
      subject: '',
      periodStartMs: may,
      kind: 'asked' as const,
      percent: undefined,
      spent: 10,
      available: 10,
      createdAtMs: may,
      ...changes,
    });
    const first = await limits.insertBudgetNotices([notice('ntc_1'), notice('ntc_2', { spent: 11 })]);
    expect(first).toMatchObject([{ kind: 'asked', told: ['ann@example.com'], projectId: 'proj_notices' }]);
    expect(
      await limits.insertBudgetNotices([notice('ntc_3'), notice('ntc_4', { budgetId: 'none' })]),
    ).toEqual([]);
    expect(await limits.insertBudgetNotices([notice('ntc_5', { available: 20 })])).toHaveLength(1);
    const answered = await limits.answerBudgetNotices('org_notices', {
      budgetId: budget.id,
      subject: '',
      periodStartMs: may,
      answer: 'declined',
      answeredAtMs: june,
      answeredBy: 'user_1',
      reason: 'enough',
    });
    expect(answered).toHaveLength(2);
    const asked = { projectId: 'proj_notices', limit: 1 };
    const page = await limits.listBudgetNotices('org_notices', asked);
    expect(page.notices).toMatchObject([{ answer: { kind: 'declined', reason: 'enough', by: 'user_1' } }]);
    const rest = await limits.listBudgetNotices('org_notices', { ...asked, cursor: page.nextCursor ?? '' });
    expect(rest.notices).toHaveLength(1);
    expect(rest.nextCursor).toBeNull();
    expect((await limits.listBudgetNotices('org_a', asked)).notices).toEqual([]);
    expect(await limits.deleteOldNotices({ beforeMs: june, limit: 1 })).toBe(1);
  });

  test('what the configuration file names is put in, changed and ended, and nothing else', async () => {
    const { source: _, createdBy: __, ...limit } = limitOf('a', 7, { source: 'file' });
    expect(await limits.upsertFileLimit('org_a', limit)).toBe(true);
    expect(await limits.upsertFileLimit('org_a', { ...limit, max: 7, period: 'hour' })).toBe(true);
    expect(await limits.findLimit('org_a', found(limit))).toMatchObject({ max: 7, source: 'file' });
    expect(await limits.updateLimit('org_a', { ...found(limit), max: 1 })).toBeUndefined();
    expect(await limits.deleteLimit('org_a', { ...found(limit), deletedAtMs: june })).toBeUndefined();
    await limits.insertLimit('org_a', limitOf('a', 8));
    const { source: ___, createdBy: ____, ...taken } = limitOf('a', 8);
    expect(await limits.upsertFileLimit('org_a', taken)).toBe(false);
    expect((await limits.listFileLimits({ ids: [taken.id] })).map((each) => each.id).sort()).toEqual([
      limit.id,
      taken.id,
    ]);
    await limits.deleteFileLimits({ ids: [limit.id, taken.id], deletedAtMs: june });
    expect(await limits.findLimit('org_a', found(limit))).toBeUndefined();
    expect(await limits.findLimit('org_a', found(taken))).toBeDefined();
    expect(await limits.upsertFileLimit('org_a', limit)).toBe(true);
    expect(await limits.findLimit('org_a', found(limit))).toMatchObject({ max: 1_000 });
  });

  const odd = ["'; drop table limits; --", '$1', '{a,b}', 'Ünïcødé 🦊'];
  test.each(odd)('%j is text wherever it stands', async (text) => {
    const limit = limitOf('a', 50 + odd.indexOf(text), { name: text, scope: { kind: 'user', id: text } });
    await limits.insertLimit('org_a', limit);
    expect(await limits.findLimit('org_a', found(limit))).toMatchObject({ name: text });
    expect(await limits.findLimit(text, found(limit))).toBeUndefined();
  });
});

function found(limit: { id: string; projectId: string | undefined; budget: unknown }) {
  return { id: limit.id, projectId: limit.projectId, isBudget: limit.budget !== undefined };
}

let grants = 0;
function grantOf(limitId: string, subject: string, amount: number) {
  grants += 1;
  return {
    id: `grt_${grants}`,
    limitId,
    subject,
    periodStartMs: may,
    amount,
    extraMax: 100,
    reason: undefined,
    createdAtMs: may,
    createdBy: 'user_1',
  };
}
