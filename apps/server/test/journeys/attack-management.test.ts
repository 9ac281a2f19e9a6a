import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayDefaults } from '@app/contract';
import { type CallSpan, createRecorder, openLoader, openSpool } from '@app/tracing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { silentLog } from '../open-test-store.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';

const contentKey = randomBytes(32);
const key = randomBytes(32);
const clock = { nowMs: () => Date.now() };
const schedule = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

let server: TestManagement;
let traces: TestTraces;
let live = '';
let sandbox = '';
let spoolDir = '';

beforeAll(async () => {
  spoolDir = mkdtempSync(join(tmpdir(), 'attack-spool-'));
  const openTraces = async (postgres: Parameters<typeof openTestTraces>[0]) => {
    traces = await openTestTraces(postgres);
    return traces;
  };
  server = await openTestManagement({ openTraces });
  const permissions = [...gatewayDefaults, 'traces:read', 'keys:read', 'keys:write'] as const;
  const create = async (mode: 'live' | 'test') =>
    (await server.keys.create(server.project, { name: mode, mode, permissions: [...permissions] })).secret;
  live = await create('live');
  sandbox = await create('test');
}, 120_000);

afterAll(async () => {
  await server.close();
  rmSync(spoolDir, { recursive: true, force: true });
});
afterEach(() => expect(server.internalErrors).toEqual([]));

const ask = (url: string, more: { method?: 'POST' | 'DELETE'; payload?: string; key?: string } = {}) =>
  server.app.inject({
    method: more.method ?? 'GET',
    url,
    headers: {
      authorization: `Bearer ${more.key ?? live}`,
      ...(more.payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(more.payload === undefined ? {} : { payload: more.payload }),
  });

const KEYS = '/api/v1/projects/default/keys';
const TRACES = '/api/v1/projects/default/traces';

test.each([
  '"organization_id":"org_x"',
  '"project_id":"proj_x"',
  '"digest":"x"',
  '"id":"key_x"',
  '"created_by":"x"',
  '"created_at":"2020-01-01T00:00:00Z"',
  '"revoked_at":null',
])('a key is not made with a column that is not asked for: %s', async (field) => {
  const reply = await ask(KEYS, { method: 'POST', payload: `{"name":"k",${field}}` });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().error.message).toMatch(/^There is no parameter/);
});

test('a prototype in the body changes no key', async () => {
  const payload = '{"name":"k","__proto__":{"permissions":["members:write"],"project_id":"proj_x"}}';
  const reply = await ask(KEYS, { method: 'POST', payload });
  expect(reply.statusCode).toBe(201);
  expect(reply.json().key.permissions).not.toContain('members:write');
});

test('a test key cannot revoke a live key, and both can revoke a test key', async () => {
  const make = async (mode: string) =>
    (await ask(KEYS, { method: 'POST', payload: JSON.stringify({ name: 'k', mode }) })).json().key.id;
  const production = await make('live');
  const reply = await ask(`${KEYS}/${production}`, { method: 'DELETE', key: sandbox });
  expect([reply.statusCode, reply.json().error.code]).toEqual([403, 'insufficient_permissions']);
  const listed: { id: string; revoked_at: string | null }[] = (await ask(KEYS)).json().data;
  expect(listed.find(({ id }) => id === production)?.revoked_at).toBeNull();
  for (const by of [sandbox, live]) {
    const own = await make('test');
    expect((await ask(`${KEYS}/${own}`, { method: 'DELETE', key: by })).statusCode).toBe(200);
  }
});

const NASTY = ["' OR 1=1 --", "\\' OR 1=1 --", '\\', "x') FORMAT TSV --", '{name:String}', '%', '\0', '\\N'];

test.each(['model', 'provider', 'environment', 'key_id', 'user_id', 'search'])(
  'whatever stands in the filter %s is looked for and never run',
  async (filter) => {
    for (const value of [...NASTY, '%_'.repeat(30)]) {
      const reply = await ask(`${TRACES}?${filter}=${encodeURIComponent(value)}`);
      expect([value, reply.statusCode]).toEqual([value, 200]);
      expect(reply.json().data).toEqual([]);
    }
  },
);

const cursor = (text: string) => Buffer.from(text).toString('base64url');

test('a cursor that nobody gave finds nothing of others and breaks nothing', async () => {
  for (const text of ['9'.repeat(19), '9223372036854775808', '0']) {
    expect((await ask(`${TRACES}?cursor=${cursor(`${text}.a.b`)}`)).statusCode).toBe(200);
  }
  for (const text of ["1.'.b", '1.a.b.c', '\0', '-1.a.b', `1.${'a'.repeat(65)}.b`]) {
    expect((await ask(`${TRACES}?cursor=${cursor(text)}`)).statusCode).toBe(400);
    expect((await ask(`${KEYS}?cursor=${cursor(text)}`)).statusCode).toBe(400);
  }
});

test.each(['%00', '%2e%2e', "'", '__proto__', 'default%00', '%F0%9F%98%80', 'DEFAULT'])(
  'the project %s is nobody’s',
  async (project) => {
    const reply = await ask(`/api/v1/projects/${project}/keys`);
    expect(reply.statusCode).toBe(404);
    expect(reply.json().error.code).toBe('not_found');
  },
);

let count = 0;

function callOf(projectId: string, request: string): CallSpan {
  count += 1;
  const cost = { nanos: 0, label: 'exact', priceVersion: '' } as const;
  const hex = count.toString(16);
  return {
    requestId: `req_${hex}`,
    traceId: hex.padStart(32, 'f'),
    spanId: hex.padStart(16, 'f'),
    parentSpanId: undefined,
    organizationId: server.project.organizationId,
    projectId,
    keyId: 'key_1',
    mode: 'live',
    environment: 'production',
    userId: '\ud800\0',
    route: '/v1/chat/completions',
    dialect: 'openai-chat',
    stream: false,
    startedAtMs: Date.now(),
    endedAtMs: Date.now() + 1,
    ttftMs: undefined,
    modelAsked: '\udfff',
    provider: undefined,
    model: undefined,
    status: 200,
    errorCode: undefined,
    errorMessage: `${'x'.repeat(3_999)}🎉`,
    usage: { inputFresh: Number.MAX_SAFE_INTEGER, outputText: Number.NaN },
    cost,
    losses: [],
    attempts: [],
    request,
    reply: undefined,
  };
}

async function store(calls: readonly CallSpan[]): Promise<void> {
  const spool = openSpool({ dir: spoolDir, key, clock, schedule, log: silentLog });
  const { recordCall } = createRecorder({ spool, log: silentLog });
  for (const call of calls) recordCall(call);
  const loader = openLoader({
    ...{ spool, key, contentKey, nameKey: contentKey, clock, schedule, log: silentLog },
    load: traces.traces.loadSegment,
  });
  expect(await loader.drain(30_000)).toBe(true);
  expect(loader.stats()).toMatchObject({ poisonRecords: 0, setAsideSegments: 0, failures: 0 });
  await loader.close();
  await spool.close();
}

const digestOf = (projectId: string, content: string) =>
  createHmac('sha256', contentKey).update(`${projectId}\0`).update(content).digest('base64url');

test('a placeholder that a caller planted comes back to the letter, and never as what somebody said', async () => {
  const message = '{"role":"user","content":"the secret of others"}';
  const own = server.project.id;
  const others = callOf('proj_of_others', `{"model":"m","messages":[${message}]}`);
  const mine = callOf(own, `{"model":"m","messages":[${message}]}`);
  const plants = [digestOf('proj_of_others', message), digestOf(own, message)].flatMap((digest) => [
    `{"model":"m","x":{"$content":"${digest}"}}`,
    `{"model":"m","x":{ "$content" : "${digest}" }}`,
    `{"model":"m","x":{"$$content":"${digest}"},"messages":[{"role":"user","content":{"$content":"${digest}"}}]}`,
    `{"model":"m","x":{"\\u0024content":"${digest}"}}`,
    `{"model":"{\\"$content\\":\\"${digest}\\"}","$content":"${digest}","messages":[]}`,
  ]);
  const planted = plants.map((request) => callOf(own, request));
  await store([others, mine, ...planted]);

  for (const call of planted) {
    const reply = await ask(`/api/v1/traces/${call.traceId}`);
    expect(reply.json().request).toEqual(JSON.parse(call.request ?? ''));
    expect(reply.body).not.toContain('the secret of others');
  }
  expect((await ask(`/api/v1/traces/${mine.traceId}`)).body).toContain('the secret of others');
  expect((await ask(`/api/v1/traces/${others.traceId}`)).statusCode).toBe(404);
}, 60_000);

test('a record as large and as deep as one can be is read without harm', async () => {
  const deep = `${'['.repeat(126)}${']'.repeat(126)}`;
  const wide = Array.from({ length: 200_000 }, () => '{}').join(',');
  const large = callOf(
    server.project.id,
    `{"x":${deep},"messages":[${wide}],"y":"${'z'.repeat(15_000_000)}"}`,
  );
  await store([large]);
  const reply = await ask(`/api/v1/traces/${large.traceId}`);
  expect(reply.statusCode).toBe(200);
  expect(reply.body.length).toBeGreaterThan(15_000_000);
  expect((await ask(`${TRACES}?limit=200`)).body.length).toBeLessThan(100_000);
}, 60_000);
