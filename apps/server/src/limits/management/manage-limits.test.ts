import { randomBytes } from 'node:crypto';
import { Limit, type LimitScope, type Permission } from '@app/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';
import { newId } from '../../ids.ts';

let server: TestManagement;
let keyId: string;
let secret: string;
let foreignKeyId: string;
const path = '/api/v1/projects/default/limits';

beforeAll(async () => {
  server = await openTestManagement();
  const permissions: Permission[] = ['inference:call', 'budgets:write', 'analytics:read'];
  const made = await server.keys.create(server.project, { name: 'k', permissions });
  keyId = made.key.id;
  secret = made.secret;
  const foreign = await openForeignProject();
  foreignKeyId = (await server.keys.create(foreign, { name: 'foreign' })).key.id;
}, 60_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

async function openForeignProject() {
  const { tenants } = server.test.store;
  const ids = { nowMs: Date.now, randomBytes };
  const organizationId = newId('org_', ids);
  const createdAtMs = Date.now();
  await tenants.insertOrganization({ id: organizationId, slug: 'other', name: 'Other', createdAtMs });
  const id = newId('proj_', ids);
  await tenants.insertProject(organizationId, { id, slug: 'far', name: 'Far', capture: 'full', createdAtMs });
  return { id, organizationId };
}

/** Asks as `GET /path`, with a key. */
async function ask(what: string, payload?: object, key = secret) {
  const [method, url] = what.split(' ') as ['GET', string];
  const headers = { authorization: `Bearer ${key}` };
  const reply = await server.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.json() };
}

const valid = {
  name: 'per day',
  scope: { kind: 'project' },
  measure: 'requests',
  period: 'day',
  max: 5,
} as const;

describe('making a limit', () => {
  test.each([
    ['requests of the project', { max: 5, period: 'day' }],
    [
      'tokens of each user per minute',
      { measure: 'tokens', period: 'minute', max: 9, scope: { kind: 'user' } },
    ],
    [
      'calls under way of a model',
      { measure: 'concurrency', max: 2, scope: { kind: 'model', id: 'p/small' } },
    ],
    [
      'cost of a tag per hour',
      { measure: 'cost', period: 'hour', max_usd: '12.5', scope: { kind: 'tag', id: 'b' } },
    ],
    ['no calls at all', { max: 0, period: 'month' }],
    ['what is watched only', { max: 1, period: 'hour', enforcement: 'shadow' }],
  ] as const)('%s', async (_, changes) => {
    const payload = { name: 'made', scope: { kind: 'project' }, measure: 'requests', ...changes };
    const made = await ask(`POST ${path}`, payload);
    expect([made.status, made.body.error]).toEqual([201, undefined]);
    const limit = Limit.parse(made.body);
    expect(limit).toMatchObject({ source: 'api', created_by: keyId, project_id: server.project.id });
    expect(limit.max).toBe('max' in changes ? changes.max : 12_500_000_000);
    expect((await ask(`GET ${path}/${limit.id}`)).body).toEqual({ ...limit, counts: expect.anything() });
    expect(server.limitSync.findLimit(limit.id)).toMatchObject({ measure: limit.measure, max: limit.max });
    await ask(`DELETE ${path}/${limit.id}`);
  });

  test('a thing that it counts is kept by its id, whatever it was named by', async () => {
    const made = await ask(`POST ${path}`, { ...valid, scope: { kind: 'project', id: 'default' } });
    expect(made.body.scope).toEqual({ kind: 'project', id: server.project.id });
    const of = await ask(`POST ${path}`, { ...valid, scope: { kind: 'key', id: keyId } });
    expect(of.body.scope).toEqual({ kind: 'key', id: keyId });
    for (const { body } of [made, of]) await ask(`DELETE ${path}/${body.id}`);
  });

  const refused: [string, object, string, RegExp][] = [
    ['no name', { name: '' }, 'name', /name/],
    ['no measure', { measure: 'dollars' }, 'measure', /requests/],
    ['no period', { period: undefined }, 'period', /minute, hour, day or month/],
    ['a week', { period: 'week' }, 'period', /minute/],
    ['a period of calls under way', { measure: 'concurrency' }, 'period', /leave period out/],
    ['no bound', { max: undefined }, 'max', /whole number/],
    ['a negative bound', { max: -1 }, 'max', />=0/],
    ['half a request', { max: 0.5 }, 'max', /int/],
    ['an absurd bound', { max: 1e18 }, 'max', /./],
    ['a bound in words', { max: 'many' }, 'max', /number/],
    ['dollars for requests', { max: undefined, max_usd: '5' }, 'max_usd', /only a limit on cost/],
    ['a number for cost', { measure: 'cost' }, 'max', /max_usd/],
    ['no dollars for cost', { measure: 'cost', max: undefined }, 'max_usd', /US dollars/],
    ['a float for cost', { measure: 'cost', max: undefined, max_usd: 12.5 }, 'max_usd', /string/],
    ['negative dollars', { measure: 'cost', max: undefined, max_usd: '-1' }, 'max_usd', /decimal in quotes/],
    ['ten decimals', { measure: 'cost', max: undefined, max_usd: '0.0000000001' }, 'max_usd', /decimal/],
    ['an unknown field', { burst: 5 }, 'burst', /no parameter "burst"/],
    ['an unknown enforcement', { enforcement: 'maybe' }, 'enforcement', /shadow/],
  ];
  test.each(refused)('%s is refused by the name of the field', async (...[, changes, param, message]) => {
    const { status, body } = await ask(`POST ${path}`, { ...valid, ...changes });
    expect([status, body.error.param]).toEqual([400, param]);
    expect(body.error.message).toMatch(message);
  });

  test('what it counts must be there and belong to the project', async () => {
    const scopes: [LimitScope, string][] = [
      [{ kind: 'organization', id: '*' }, 'scope.kind'],
      [{ kind: 'project', id: 'far' }, 'scope.id'],
      [{ kind: 'key', id: 'key_none' }, 'scope.id'],
      [{ kind: 'key', id: foreignKeyId }, 'scope.id'],
      [{ kind: 'tag', id: 'x'.repeat(65) }, 'scope.id'],
      [{ kind: 'model', id: 'x'.repeat(201) }, 'scope.id'],
      [{ kind: 'user', id: 'x'.repeat(257) }, 'scope.id'],
      [{ kind: 'user', id: 'a\0b' }, 'scope.id'],
    ];
    for (const [scope, param] of scopes) {
      const { status, body } = await ask(`POST ${path}`, { ...valid, scope });
      expect([scope.kind, status, body.error?.param]).toEqual([scope.kind, 400, param]);
    }
  });

  test('no call is made to count more than fifty limits because of one name', async () => {
    const scope = { kind: 'user', id: 'crowded' };
    for (let made = 0; made < 50; made += 1) {
      expect((await ask(`POST ${path}`, { ...valid, scope })).status).toBe(201);
    }
    const { status, body } = await ask(`POST ${path}`, { ...valid, scope });
    expect([status, body.error.code]).toEqual([409, 'conflict']);
    expect(body.error.message).toContain('At most 50');
  });
});

describe('a limit that exists', () => {
  test('changes at once for the next call, and ends at once', async () => {
    const { body: made } = await ask(`POST ${path}`, valid);
    const { body: changed } = await ask(`PATCH ${path}/${made.id}`, { max: 7, enforcement: 'shadow' });
    expect(changed).toMatchObject({ name: 'per day', max: 7, enforcement: 'shadow' });
    expect(server.limitSync.findLimit(made.id)).toMatchObject({ max: 7, enforcement: 'shadow' });
    expect((await ask(`DELETE ${path}/${made.id}`)).status).toBe(200);
    expect(server.limitSync.findLimit(made.id)).toBeUndefined();
    for (const method of ['GET', 'DELETE'] as const)
      expect((await ask(`${method} ${path}/${made.id}`)).status).toBe(404);
    expect((await ask(`PATCH ${path}/${made.id}`, { max: 1 })).status).toBe(404);
  });

  test('a change that changes nothing, or what cannot change, is refused', async () => {
    const { body: made } = await ask(`POST ${path}`, valid);
    for (const change of [
      {},
      { period: 'hour' },
      { scope: { kind: 'user' } },
      { max_usd: '1' },
      { max: -1 },
    ]) {
      expect((await ask(`PATCH ${path}/${made.id}`, change)).status).toBe(400);
    }
  });

  test('shows what was counted, with what is under way', async () => {
    const { body: made } = await ask(`POST ${path}`, { ...valid, measure: 'tokens', max: 1_000 });
    const limit = server.limitSync.findLimit(made.id);
    if (limit === undefined) throw new Error('The limit is not known.');
    server.counts.reserve([{ limit, subject: '', amount: 40, floor: 0 }], () => undefined);
    const { body } = await ask(`GET ${path}/${made.id}`);
    expect(body.counts).toMatchObject([{ subject: '', used: 40, max: 1_000 }]);
    expect(Date.parse(body.counts[0].resets_at)).toBeGreaterThan(Date.now());
  });

  test('pages hold all limits once', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await ask(`GET ${path}?limit=7${cursor}`);
      seen.push(...body.data.map((each: Limit) => each.id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(50);
    expect((await ask(`GET ${path}?cursor=x`)).body.error.param).toBe('cursor');
  });

  test('is neither seen nor touched from another project, nor through the address of budgets', async () => {
    const { body: made } = await ask(`POST ${path}`, valid);
    const { tenants } = server.test.store;
    const far = await tenants.findProjectBySlug((await foreign()).organizationId, { slug: 'far' });
    if (far === undefined) throw new Error('There is no foreign project.');
    const permissions: Permission[] = ['budgets:write', 'analytics:read'];
    const key = (await server.keys.create(far, { name: 'k', permissions })).secret;
    const theirs = `/api/v1/projects/far/limits/${made.id}`;
    expect((await ask(`GET ${theirs}`, undefined, key)).status).toBe(404);
    expect((await ask(`PATCH ${theirs}`, { max: 1 }, key)).status).toBe(404);
    expect((await ask(`DELETE ${theirs}`, undefined, key)).status).toBe(404);
    expect((await ask(`GET /api/v1/projects/default/budgets/${made.id}`)).status).toBe(404);
    expect((await ask(`GET ${path}/${made.id}`)).body.max).toBe(5);
  });

  test('a test key reads limits and writes none, because they hold for live calls', async () => {
    const permissions: Permission[] = ['budgets:write', 'analytics:read'];
    const key = (await server.keys.create(server.project, { name: 'k', mode: 'test', permissions })).secret;
    const { body: made } = await ask(`POST ${path}`, valid);
    expect((await ask(`GET ${path}/${made.id}`, undefined, key)).status).toBe(200);
    for (const { status, body } of [
      await ask(`POST ${path}`, valid, key),
      await ask(`PATCH ${path}/${made.id}`, { max: 9 }, key),
      await ask(`DELETE ${path}/${made.id}`, undefined, key),
    ]) {
      expect([status, body.error.code]).toEqual([403, 'insufficient_permissions']);
    }
  });
});

async function foreign() {
  const found = await server.test.store.tenants.findOrganizationBySlug({ slug: 'other' });
  if (found === undefined) throw new Error('There is no foreign organization.');
  return { organizationId: found.id };
}
