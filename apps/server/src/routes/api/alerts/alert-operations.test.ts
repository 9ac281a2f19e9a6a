import { Alert } from '@app/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../../test/open-test-management.ts';

let server: TestManagement;
let keyId: string;
let live: string;
let testKey: string;
let reader: string;
const path = '/api/v1/projects/default/alerts';

beforeAll(async () => {
  server = await openTestManagement();
  const permissions = ['settings:write', 'analytics:read', 'audit:read'] as const;
  const made = await server.keys.create(server.project, { name: 'ops', permissions: [...permissions] });
  keyId = made.key.id;
  live = made.secret;
  const asTest = { name: 't', mode: 'test' as const, permissions: [...permissions] };
  testKey = (await server.keys.create(server.project, asTest)).secret;
  reader = (await server.keys.create(server.project, { name: 'r', permissions: ['analytics:read'] })).secret;
}, 60_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

async function ask(what: string, payload?: object, key = live) {
  const [method, url] = what.split(' ') as ['GET', string];
  const headers = { authorization: `Bearer ${key}` };
  const body = payload === undefined ? {} : { payload };
  const reply = await server.app.inject({ method, url, headers, ...body });
  return { status: reply.statusCode, body: reply.json() };
}

const valid = { name: 'spends too much', metric: 'spend', threshold: 25 } as const;

test('a rule is made with sensible defaults, shown, listed, changed and ended', async () => {
  const made = await ask(`POST ${path}`, valid);
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  const alert = Alert.parse(made.body);
  expect(alert).toMatchObject({
    ...valid,
    project_id: server.project.id,
    scope: {},
    per: 'all',
    direction: 'above',
    window_minutes: 60,
    calls_min: 20,
    cooldown_minutes: 60,
    severity: 'warning',
    enabled: true,
    state: 'ok',
    firing: [],
    value: null,
    checked_at: null,
    created_by: keyId,
  });
  expect((await ask(`GET ${path}/${alert.id}`)).body).toEqual(alert);
  expect((await ask(`GET ${path}`)).body).toEqual({ data: [alert], next_cursor: null });
  const paused = await ask(`PATCH ${path}/${alert.id}`, { enabled: false, per: 'user' });
  expect(paused.body).toMatchObject({ state: 'paused', per: 'user', threshold: 25 });
  expect((await ask(`PATCH ${path}/${alert.id}`, {})).status).toBe(400);
  expect((await ask(`DELETE ${path}/${alert.id}`)).status).toBe(200);
  expect((await ask(`GET ${path}/${alert.id}`)).status).toBe(404);
  expect((await ask(`DELETE ${path}/${alert.id}`)).status).toBe(404);
});

test('a key that may not read the audit log writes no rule that tells of it, and changes none', async () => {
  const rule = { name: 'who', metric: 'audit_event' };
  const made = await ask(`POST ${path}`, rule);
  expect(made.status).toBe(201);
  const permissions = ['settings:write', 'analytics:read'] as const;
  const { secret } = await server.keys.create(server.project, { name: 'd', permissions: [...permissions] });
  expect((await ask(`POST ${path}`, rule, secret)).status).toBe(403);
  expect((await ask(`PATCH ${path}/${made.body.id}`, { name: 'x' }, secret)).status).toBe(403);
  expect((await ask(`DELETE ${path}/${made.body.id}`, undefined, secret)).status).toBe(403);
  expect((await ask(`GET ${path}/${made.body.id}`, undefined, secret)).status).toBe(200);
  expect((await ask(`DELETE ${path}/${made.body.id}`)).status).toBe(200);
});

const refused: [string, object, string, RegExp][] = [
  ['no threshold', { threshold: undefined }, 'threshold', /needs one, in US dollars/],
  ['no threshold of a latency', { metric: 'latency_p95', threshold: undefined }, 'threshold', /milliseconds/],
  ['a threshold where there is none', { metric: 'new_address' }, 'threshold', /leave it out/],
  [
    'below where there is no bound',
    { metric: 'anomaly', threshold: undefined, direction: 'below' },
    'direction',
    /no bound/,
  ],
  ['a rate of more than all', { metric: 'error_rate', threshold: 101 }, 'threshold', /percent/],
  ['a negative threshold', { threshold: -1 }, 'threshold', />=0/],
  ['an unknown metric', { metric: 'cpu' }, 'metric', /spend/],
  ['a window of no time', { window_minutes: 0 }, 'window_minutes', />=1/],
  ['a window of two months', { window_minutes: 90_000 }, 'window_minutes', /43200/],
  ['an unknown key', { scope: { key_id: 'key_none' } }, 'scope.key_id', /no such key here/],
  [
    'a provider of refusals',
    { metric: 'refusal_rate', scope: { provider: 'openai' } },
    'scope.provider',
    /leave it out/,
  ],
  [
    'a user of the audit log',
    { metric: 'audit_event', threshold: undefined, scope: { user: 'a' } },
    'scope.user',
    /leave it out/,
  ],
  ['each user of one user', { per: 'user', scope: { user: 'a' } }, 'per', /use all/],
  ['each user of anomalies', { metric: 'anomaly', threshold: undefined, per: 'user' }, 'per', /leave it out/],
  ['actions of a spend', { actions: ['key.create'] }, 'actions', /only a rule on audit_event/],
  [
    'an unknown action',
    { metric: 'audit_event', threshold: undefined, actions: ['key.steal'] },
    'actions',
    /"key.steal"/,
  ],
  ['an unknown destination', { destinations: ['dst_none'] }, 'destinations', /no such destination/],
  ['a zero in a user', { scope: { user: 'a\0b' } }, 'scope.user', /cannot be kept/],
  ['half a letter in a model', { scope: { model: '\ud800' } }, 'scope.model', /cannot be kept/],
  ['an unknown field', { owner: 'me' }, 'owner', /no parameter "owner"/],
];
test.each(refused)(
  '%s is refused by the name of the field, with what to do',
  async (...[, changes, param, message]) => {
    const { status, body } = await ask(`POST ${path}`, { ...valid, ...changes });
    expect([status, body.error.param]).toEqual([400, param]);
    expect(body.error.message).toMatch(message);
  },
);

test("somebody else's key, destination and alert are as if they were not there", async () => {
  const { tenants } = server.test.store;
  await tenants.insertOrganization({ id: 'org_far', slug: 'far', name: 'Far', createdAtMs: 1 });
  const far = { id: 'proj_far', organizationId: 'org_far' };
  await tenants.insertProject('org_far', {
    ...far,
    slug: 'far',
    name: 'Far',
    capture: 'full',
    createdAtMs: 1,
  });
  const foreign = await server.keys.create(far, {
    name: 'f',
    permissions: ['settings:write', 'analytics:read'],
  });
  const stolen = await ask(`POST ${path}`, { ...valid, scope: { key_id: foreign.key.id } });
  expect([stolen.status, stolen.body.error.param]).toEqual([400, 'scope.key_id']);
  const own = (await ask(`POST ${path}`, valid)).body.id;
  const theirs = '/api/v1/projects/far/alerts';
  for (const what of [`GET ${theirs}/${own}`, `DELETE ${theirs}/${own}`]) {
    expect((await ask(what, undefined, foreign.secret)).status).toBe(404);
  }
  expect((await ask(`PATCH ${theirs}/${own}`, { enabled: false }, foreign.secret)).status).toBe(404);
  expect((await ask(`GET ${theirs}/../alert-events`, undefined, foreign.secret)).status).not.toBe(500);
  expect((await ask(`GET ${path}/${own}`)).body.enabled).toBe(true);
  await ask(`DELETE ${path}/${own}`);
});

test('who may only read changes nothing, and a test key cannot silence what watches live calls', async () => {
  expect((await ask(`POST ${path}`, valid, reader)).status).toBe(403);
  const own = (await ask(`POST ${path}`, valid)).body.id;
  expect((await ask(`GET ${path}/${own}`, undefined, reader)).status).toBe(200);
  for (const what of [`PATCH ${path}/${own}`, `DELETE ${path}/${own}`]) {
    const { status, body } = await ask(
      what,
      what.startsWith('PATCH') ? { enabled: false } : undefined,
      testKey,
    );
    expect([status, body.error.code]).toEqual([403, 'insufficient_permissions']);
  }
  await ask(`DELETE ${path}/${own}`);
});

test('an anomaly is listed with what usual is, and acknowledged once, by whom is kept', async () => {
  const { anomalies } = server.test.store;
  const made = await anomalies.upsertAnomaly(server.project.id, {
    id: 'anm_1',
    organizationId: server.project.organizationId,
    metric: 'spend',
    kind: 'user',
    subject: '<img src=x onerror=alert(1)>',
    subjectName: '<img src=x onerror=alert(1)>',
    fromMs: 0,
    toMs: 3_600_000,
    value: 12.3,
    expected: { low: 1.1, middle: 1.7, high: 2.4 },
    score: 9,
    basis: 'median of 12 earlier hours',
    explanation: 'much',
    contributors: [{ kind: 'model', id: 'm', name: 'm', value: 11 }],
    history: [1, 2, 3],
  });
  const list = '/api/v1/projects/default/anomalies';
  const { body } = await ask(`GET ${list}?state=open&metric=spend`);
  expect(body.data).toMatchObject([
    { id: made.id, state: 'open', subject: { kind: 'user' }, history: [1, 2, 3] },
  ]);
  const acknowledge = `POST ${list}/anm_1/acknowledge`;
  expect((await ask(acknowledge, undefined, reader)).status).toBe(403);
  expect((await ask(acknowledge, undefined, testKey)).status).toBe(403);
  expect((await ask(acknowledge)).body).toMatchObject({
    state: 'acknowledged',
    acknowledged_by: expect.any(String),
  });
  expect((await ask(`POST ${list}/anm_none/acknowledge`)).status).toBe(404);
  await anomalies.endAnomalies(server.project.id, { ids: ['anm_1'], toMs: 7_200_000 });
  expect((await ask(`GET ${list}?state=over`)).body.data).toMatchObject([{ id: 'anm_1' }]);
  expect((await ask(`GET ${list}?cursor=nonsense`)).status).toBe(400);
});

test('a place has so many rules and no more', async () => {
  const { alerts } = server.test.store;
  const counted = await alerts.countAlerts(server.project.organizationId, { projectId: server.project.id });
  for (let index = counted.here; index < 200; index += 1) {
    await alerts.insertAlert(server.project.organizationId, {
      ...{
        id: `alr_many_${index}`,
        projectId: server.project.id,
        name: 'x',
        metric: 'calls',
        scope: {},
        per: 'all',
      },
      ...{
        direction: 'above',
        threshold: 1,
        windowMinutes: 1,
        callsMin: 1,
        cooldownMinutes: 1,
        severity: 'info',
      },
      ...{ destinations: [], actions: [], isEnabled: true, createdAtMs: index, createdBy: undefined },
      ...{ cursor: undefined, installationCursor: undefined },
    });
  }
  const { status, body } = await ask(`POST ${path}`, valid);
  expect([status, body.error.code]).toEqual([409, 'conflict']);
  expect((await ask(`GET ${path}`)).body.data).toHaveLength(200);
});
