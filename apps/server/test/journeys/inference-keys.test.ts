import Anthropic from '@anthropic-ai/sdk';
import { type FakeUpstream, openFakeUpstream, playsAnthropic, playsOpenAi } from '@app/testkit';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let upstream: FakeUpstream;
let server: TestServer;

beforeEach(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello.' }));
  server = await createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['the-model'] }],
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await upstream.close();
});

const hello = [{ role: 'user' as const, content: 'Hello?' }];
const body = JSON.stringify({ model: 'the-model', max_tokens: 9, messages: hello });

type Ask = { path?: string; headers?: { [name: string]: string }; method?: string };

const ask = ({ path = '/v1/chat/completions', headers = {}, method = 'POST' }: Ask) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body } : {}),
  });

const DOORS = ['/v1/chat/completions', '/api/v1/chat/completions', '/v1/messages', '/route', '/api/route'];

test.each(DOORS)('%s takes a key from each header that an SDK sends, and only from there', async (path) => {
  for (const headers of [
    { authorization: `Bearer ${testKeys.live}` },
    { 'x-api-key': testKeys.live },
    { 'x-goog-api-key': testKeys.live },
  ]) {
    expect((await ask({ path, headers })).status).toBe(200);
  }
  for (const headers of [
    {},
    { authorization: testKeys.live },
    { authorization: `Basic ${testKeys.live}` },
    { cookie: `key=${testKeys.live}` },
  ]) {
    expect((await ask({ path, headers })).status).toBe(401);
  }
  for (const name of ['key', 'api_key', 'access_token']) {
    expect((await ask({ path: `${path}?${name}=${testKeys.live}` })).status).toBe(401);
  }
  expect(upstream.requests).toHaveLength(3);
});

test('keys that are unknown, malformed, expired or missing meet the same 401, word for word', async () => {
  const keys = ['tr_live_unknown', 'x', testKeys.expired, 'x'.repeat(5_000), '💥', "' or 1=1 --"];
  const texts = new Set<string>();
  for (const key of keys) {
    const response = await ask({ headers: { authorization: `Bearer ${encodeURI(key)}` } });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-should-retry')).toBe('false');
    texts.add((await response.text()).replace(/req_[0-9a-z]{26}/, 'req'));
  }
  expect((await ask({})).status).toBe(401);
  expect(texts.size).toBe(1);
  expect(JSON.parse([...texts][0] ?? '')).toEqual({
    error: {
      type: 'authentication_error',
      message: 'Invalid API key provided',
      code: 'invalid_api_key',
      param: null,
      http_status: 401,
      request_id: 'req',
    },
    detail: 'Invalid API key provided',
  });
  expect(upstream.requests).toHaveLength(0);
});

test.each([
  ['ingest', 'key_kind_not_allowed'],
  ['noPermission', 'insufficient_permissions'],
] as const)('a key of kind %s is known but may not call: 403', async (name, code) => {
  for (const path of [...DOORS]) {
    const response = await ask({ path, headers: { authorization: `Bearer ${testKeys[name]}` } });
    expect(response.status).toBe(403);
    const json: unknown = await response.json();
    if (path !== '/v1/messages') expect(json).toMatchObject({ error: { code }, detail: expect.any(String) });
  }
  const models = await ask({ path: '/v1/models', method: 'GET', headers: { 'x-api-key': testKeys[name] } });
  expect(models.status).toBe(403);
});

test("errors have the shape each SDK's error classes read", async () => {
  const openai = new OpenAI({ apiKey: 'tr_live_wrong', baseURL: `${server.url}/v1`, maxRetries: 0 });
  const one = await openai.models.list().catch((error: unknown) => error);
  expect(one).toBeInstanceOf(OpenAI.AuthenticationError);
  expect(one).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'authentication_error' });
  const { requestID } = one as InstanceType<typeof OpenAI.APIError>;
  expect(requestID).toMatch(/^req_[0-9a-z]{26}$/);

  const anthropic = new Anthropic({ apiKey: 'tr_live_wrong', baseURL: server.url, maxRetries: 0 });
  const other = await anthropic.messages
    .create({ model: 'the-model', max_tokens: 9, messages: hello })
    .catch((error: unknown) => error);
  expect(other).toBeInstanceOf(Anthropic.AuthenticationError);
  expect(other).toMatchObject({
    status: 401,
    requestID: expect.stringMatching(/^req_[0-9a-z]{26}$/),
    error: { type: 'error', error: { type: 'authentication_error' } },
  });
});

test('a limit of requests per minute is 429 with a retry-after under a minute, and says what is left', async () => {
  const headers = { authorization: `Bearer ${testKeys.slow}` };
  const first = await ask({ headers });
  expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
  expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
  await ask({ headers });
  const refused = await ask({ headers });
  expect(refused.status).toBe(429);
  const wait = Number(refused.headers.get('retry-after'));
  expect(Number.isInteger(wait) && wait >= 1 && wait < 60).toBe(true);
  const text = await refused.text();
  expect(JSON.parse(text)).toMatchObject({
    error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  });
  expect(text).not.toMatch(/quota/i);
  expect(upstream.requests).toHaveLength(2);
  expect(server.records[2]).toMatchObject({ status: 429, errorCode: 'rate_limit_exceeded' });
});

test('a limit of calls at once is 429, and a place is free again when a call ends or its caller leaves', async () => {
  const headers = { authorization: `Bearer ${testKeys.narrow}` };
  upstream.play(() => {}, playsOpenAi({ text: 'Hello.' }));
  const leaving = new AbortController();
  const held = fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: leaving.signal,
  }).catch(() => 'left');
  await upstream.received(0);
  const refused = await ask({ headers });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { code: 'concurrency_limit_exceeded' } });
  leaving.abort();
  expect(await held).toBe('left');
  await server.recorded(1);
  expect((await ask({ headers })).status).toBe(200);
  expect((await ask({ headers })).status).toBe(200);
});

test('a project that keeps no content gets none, and a call may ask for less but never for more', async () => {
  await ask({ headers: { authorization: `Bearer ${testKeys.quiet}` } });
  await ask({ headers: { authorization: `Bearer ${testKeys.quiet}`, 'x-tokenrouter-capture': 'full' } });
  await ask({ headers: { authorization: `Bearer ${testKeys.live}`, 'x-tokenrouter-capture': 'metadata' } });
  await ask({ headers: { authorization: `Bearer ${testKeys.live}` } });
  const kept = server.records.map(({ request, reply }) => request !== undefined && reply !== undefined);
  expect(kept).toEqual([false, false, false, true]);
  expect(server.records[3]?.request).toBe(body);
});

test('a trace of the caller is continued, and a broken header starts a new one', async () => {
  const headers = { authorization: `Bearer ${testKeys.live}` };
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await ask({ headers: { ...headers, traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  await ask({ headers: { ...headers, traceparent: 'nonsense' } });
  expect(server.records[0]).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  expect(server.records[1]?.parentSpanId).toBeUndefined();
  expect(server.records[1]?.traceId).toMatch(/^[0-9a-f]{32}$/);
});

test('no header of the caller reaches the provider but those of the dialect', async () => {
  await ask({
    headers: {
      authorization: `Bearer ${testKeys.live}`,
      cookie: 'session=stowaway',
      'x-forwarded-for': '10.1.2.3',
      'x-secret': 'stowaway',
      'openai-organization': 'org-stowaway',
      'anthropic-beta': 'stowaway-for-another-dialect',
    },
  });
  expect(JSON.stringify((await upstream.received(0)).headers)).not.toMatch(/stowaway|10\.1\.2\.3|tr_live/);
});

test("a caller's beta features reach a provider of the same dialect", async () => {
  const other = await openFakeUpstream(playsAnthropic({ text: 'Hello.' }));
  const beside = await createTestServer({
    providers: [{ id: 'acme', dialect: 'anthropic-messages', baseUrl: other.url, models: ['the-model'] }],
  });
  await fetch(`${beside.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': testKeys.live,
      'anthropic-beta': 'context-1m-2025-08-07,other',
      'anthropic-version': '2099-01-01',
    },
    body,
  });
  const { headers } = await other.received(0);
  expect(headers['anthropic-beta']).toBe('context-1m-2025-08-07,other');
  expect(headers['anthropic-version']).toBe('2023-06-01');
  await beside.close();
  await other.close();
});
