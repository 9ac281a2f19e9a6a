import { Budget, type BudgetList, type Permission } from '@app/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';

let server: TestManagement;
let secret: string;
const path = '/api/v1/projects/default/budgets';
const valid = { name: 'team', scope: { kind: 'project' }, amount_usd: '10.50' };

beforeAll(async () => {
  server = await openTestManagement();
  const permissions: Permission[] = ['budgets:write', 'analytics:read'];
  secret = (await server.keys.create(server.project, { name: 'k', permissions })).secret;
}, 60_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

/** Asks as `GET /path`. */
async function ask(what: string, payload?: object) {
  const [method, url] = what.split(' ') as ['GET', string];
  const headers = { authorization: `Bearer ${secret}` };
  const reply = await server.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.json() };
}

const create = async (changes: object = {}): Promise<Budget> =>
  Budget.parse((await ask(`POST ${path}`, { ...valid, ...changes })).body);

describe('making a budget', () => {
  test('what is left out has its default, and the amount is exact', async () => {
    expect(await create()).toMatchObject({
      amount_usd: '10.5',
      amount: { nanos: 10_500_000_000, usd: '10.5' },
      ...{ period: 'month', action: { kind: 'block' }, warn_percents: [50, 80, 95], mode: 'normal' },
      ...{ carry_over: false, enforcement: 'enforce', owner: null, source: 'api' },
      states: [{ subject: '', available: { usd: '10.5' }, spent: { nanos: 0 }, status: 'ok' }],
    });
    expect((await create({ amount_usd: '0.000000001' })).amount.nanos).toBe(1);
    expect((await create({ amount_usd: '999999.999999999' })).amount.nanos).toBe(999_999_999_999_999);
    expect((await create({ warn_percents: [90, 10, 90] })).warn_percents).toEqual([10, 90]);
  });

  const refused: [string, object, string, RegExp][] = [
    ['a float', { amount_usd: 10.5 }, 'amount_usd', /string/],
    ['negative dollars', { amount_usd: '-1' }, 'amount_usd', /decimal in quotes/],
    ['a million dollars', { amount_usd: '1000000' }, 'amount_usd', /decimal/],
    ['euros', { amount_usd: '10 EUR' }, 'amount_usd', /US dollars/],
    ['a week', { period: 'week' }, 'period', /month/],
    ['101 percent', { warn_percents: [101] }, 'warn_percents.0', /100/],
    [
      'eleven warnings',
      { warn_percents: Array.from({ length: 11 }, (_, at) => at + 1) },
      'warn_percents',
      /10/,
    ],
    ['a route to nowhere', { action: { kind: 'route' } }, 'action.model', /missing/],
    ['a route to nobody', { action: { kind: 'route', model: 'x/y' } }, 'action.model', /GET \/v1\/models/],
    [
      'a route to what it counts',
      { scope: { kind: 'model', id: 'openai/small' }, action: { kind: 'route', model: 'openai/small' } },
      'action.model',
      /counts that model too/,
    ],
    ['an unknown action', { action: { kind: 'explode' } }, 'action.kind', /./],
    ['an owner without end', { owner: 'x'.repeat(255) }, 'owner', /254/],
    ['a measure', { measure: 'tokens' }, 'measure', /no parameter/],
  ];
  test.each(refused)('%s is refused by the name of the field', async (...[, changes, param, message]) => {
    const { status, body } = await ask(`POST ${path}`, { ...valid, ...changes });
    expect([status, body.error.param]).toEqual([400, param]);
    expect(body.error.message).toMatch(message);
  });
});

describe('a budget that exists', () => {
  test('changes in what is named, and holds at once', async () => {
    const { id } = await create({ owner: 'ann', action: { kind: 'route', model: 'openai/small' } });
    const change = { amount_usd: '20', owner: null, action: { kind: 'ask' }, mode: 'strict' };
    expect((await ask(`PATCH ${path}/${id}`, change)).body).toMatchObject({
      ...{ name: 'team', amount_usd: '20', owner: null, action: { kind: 'ask' }, mode: 'strict' },
    });
    expect(server.limitSync.findLimit(id)).toMatchObject({
      max: 20_000_000_000,
      budget: { action: { kind: 'ask' }, isStrict: true },
    });
    expect((await ask(`PATCH ${path}/${id}`, {})).body.error.message).toContain('nothing to change');
    expect((await ask(`PATCH ${path}/${id}`, { period: 'day' })).status).toBe(400);
    expect((await ask(`GET /api/v1/projects/default/limits/${id}`)).status).toBe(404);
  });

  test('shows what calls under way hold beside what is spent, and when it was found to be spent', async () => {
    const { id } = await create({ warn_percents: [10] });
    const limit = server.limitSync.findLimit(id);
    if (limit === undefined) throw new Error('The budget is not known.');
    server.counts.reserve([{ limit, subject: '', amount: 2_000_000_000, floor: 0 }], (taken) => {
      if (taken.kind === 'taken') server.counts.settle(taken.hold, [1_500_000_000]);
    });
    server.counts.reserve([{ limit, subject: '', amount: 500_000_000, floor: 0 }], () => undefined);
    const state = async () => (await ask(`GET ${path}/${id}`)).body.states[0];
    expect(await state()).toMatchObject({
      ...{ spent: { usd: '1.5' }, reserved: { usd: '0.5' }, available: { usd: '10.5' }, status: 'warned' },
    });
    await server.test.store.limits.insertBudgetNotices([
      {
        ...{ id: 'ntc_spent', budgetId: id, subject: '', kind: 'exhausted', percent: undefined },
        ...{ spent: 10_499_000_000, available: 10_500_000_000, createdAtMs: Date.now() },
        periodStartMs: Date.parse((await state()).period_start),
      },
    ]);
    expect((await state()).status).toBe('exhausted');
    await ask(`POST ${path}/${id}/grants`, { amount_usd: '1' });
    expect(await state()).toMatchObject({ available: { usd: '11.5' }, status: 'warned' });
    expect(server.noticed.at(-1)).toMatchObject({ kind: 'granted', budgetId: id });
  });

  test('is never granted nothing, too much, or somebody whom it does not know apart', async () => {
    const { id } = await create();
    const grants = (body: object) => ask(`POST ${path}/${id}/grants`, body);
    expect((await grants({ amount_usd: '0' })).body.error.param).toBe('amount_usd');
    expect((await grants({ amount_usd: '-1' })).body.error.param).toBe('amount_usd');
    expect((await grants({ amount_usd: '1', subject: 'ann' })).body.error.param).toBe('subject');
    for (let made = 0; made < 8; made += 1) {
      const last = await grants({ amount_usd: '999999' });
      expect(last.status).toBe(made < 7 ? 201 : last.status);
    }
    const beyond = await grants({ amount_usd: '999999' });
    expect([beyond.status, beyond.body.error.message]).toEqual([
      400,
      expect.stringContaining('at most $8000000'),
    ]);
    expect((await ask(`POST ${path}/${id}/declines`, {})).body.error.code).toBe('conflict');
  });

  test('is listed with its place alone', async () => {
    const whole = { organizationId: server.project.organizationId, projectId: undefined };
    const made = await server.budgets.create(whole, { ...valid, scope: { kind: 'organization', id: '*' } });
    expect(made).toMatchObject({ project_id: null, scope: { id: server.project.organizationId } });
    const list: BudgetList = (await ask(`GET ${path}?limit=200`)).body;
    expect(list.data.map(({ id }) => id)).not.toContain(made.id);
    expect((await server.budgets.list(whole, { limit: 10 })).data.map(({ id }) => id)).toEqual([made.id]);
    const strangers = { organizationId: 'org_other', projectId: undefined };
    await expect(server.budgets.get(strangers, made.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
