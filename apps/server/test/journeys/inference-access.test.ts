import type { Permission } from '@app/contract';
import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { olderRoutes } from '../../src/routes/inference/older-routes.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

/** What each address asks of a key. An address that is not here fails the test, so that none is forgotten. */
const PERMISSIONS: { [permission: string]: readonly string[] } = {
  anyone: ['GET /ready', 'GET /health', 'GET /.well-known/security.txt', 'GET /v1/realtime'],
  'models:read': [
    ...['GET /v1/models', 'GET /v1/models/x', 'GET /v1beta/models', 'GET /v1beta/models/x'],
    ...['GET /api/v1/models', 'GET /api/v1/models/x', 'GET /v1/capabilities', 'GET /models', 'GET /costs'],
  ],
  'analytics:read': ['GET /analytics'],
  'responses:read': [
    ...['/v1/responses', '/api/v1/responses'].flatMap((path) => [
      ...[`GET ${path}/:id`, `POST ${path}/:id`, `GET ${path}/:id/input_items`],
    ]),
    'GET /v1/conversations/:id',
    'GET /v1/conversations/:id/items',
    'GET /v1/conversations/:id/items/:item',
  ],
  'inference:call': [
    ...['/v1/responses', '/api/v1/responses'].flatMap((path) => [
      ...[`POST ${path}`, `DELETE ${path}/:id`, `POST ${path}/:id/cancel`],
    ]),
    ...['', '/:id', '/:id/items'].map((path) => `POST /v1/conversations${path}`),
    ...['/:id', '/:id/items/:item'].map((path) => `DELETE /v1/conversations${path}`),
    ...['/v1/chat/completions', '/v1/completions', '/route'].flatMap((path) => [
      ...[`POST ${path}`, `POST /api${path}`],
    ]),
    ...['/v1/messages', '/v1/messages/count_tokens', '/v1/responses/input_tokens'].map((at) => `POST ${at}`),
    ...['/v1/models/x', '/v1beta/models/x', '/v1/embeddings', '/v1/moderations'].map((at) => `POST ${at}`),
    ...['/v1/rerank', '/v2/rerank', '/v1/audio/speech', '/v1/audio/transcriptions'].map((at) => `POST ${at}`),
    ...['/v1/audio/translations', '/v1/images/generations', '/v1/images/edits'].map((at) => `POST ${at}`),
    ...['/v1/images/variations', '/v1/files', '/v1/batches', '/v1/batches/:id/cancel'].map(
      (at) => `POST ${at}`,
    ),
    ...['/v1/files', '/v1/files/:id', '/v1/files/:id/content', '/v1/batches', '/v1/batches/:id'].map(
      (at) => `GET ${at}`,
    ),
    'DELETE /v1/files/:id',
  ],
};

/** The keys that have one permission and no other. */
const HOLDERS: { [permission: string]: keyof typeof testKeys } = {
  'models:read': 'lister',
  'analytics:read': 'analyst',
  'responses:read': 'reader',
  'inference:call': 'caller',
  'traces:read': 'noPermission',
};

let upstream: FakeUpstream;
let server: TestServer;
let routes: string[];

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  const { url: baseUrl } = upstream;
  server = await createTestServer({
    providers: [
      { id: 'openai', dialect: 'openai-chat', baseUrl, models: ['gpt-4o'] },
      { id: 'anthropic', dialect: 'anthropic-messages', baseUrl, models: ['claude'] },
      { id: 'google', dialect: 'gemini', baseUrl, models: ['gemini'] },
    ],
    plugins: [
      (app) =>
        olderRoutes({
          authenticate: (secret, permission) => server.authenticate(secret, permission),
          listPricedModels: () => [],
          findTargets: () => [],
          readAnalytics: async () => ({ ...NO_CALLS }),
          clock: { nowMs: () => 0 },
        })(app),
    ],
  });
  routes = routesOf(server.app.printRoutes({ commonPrefix: false }));
});
afterAll(async () => {
  await server.close();
  await upstream.close();
});

const NO_CALLS = {
  ...{ calls: 0, failed: 0, tokens: 0, costNanos: 0, latencyMeanMs: 0, cacheReadRate: 0 },
  callsByModel: {},
};

/** Every method and path, out of the tree that Fastify draws of what it serves. */
function routesOf(tree: string): string[] {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S*) \((.*)\)$/.exec(line) ?? [];
    if (indent === undefined || part === undefined || methods === undefined) return [];
    path.splice(indent.length / 4, path.length, part);
    const whole = path.join('').replace(/\*$/, '/x').replace('//', '/');
    return methods.split(', ').flatMap((method) => (method === 'HEAD' ? [] : [`${method} ${whole}`]));
  });
}

/** A body that most addresses can make something of. */
const BODY = {
  model: 'openai/gpt-4o',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'hi' }],
  contents: [{ parts: [{ text: 'hi' }] }],
  ...{ input: 'hi', prompt: 'hi', query: 'hi', voice: 'alloy', documents: ['a'], requests: [] },
  ...{ items: [], metadata: {}, endpoint: '/v1/chat/completions' },
};

async function ask(route: string, headers: { [name: string]: string }, query = ''): Promise<string> {
  const [method = '', path = ''] = route.split(' ');
  const at = path.startsWith('/v1beta') && method === 'POST' ? `${path}:generateContent` : path;
  const action = path === '/v1/models/x' && method === 'POST' ? `${path}:generateContent` : at;
  const url = server.url + action.replace(':id', `resp_${'0'.repeat(26)}`).replace(':item', 'msg_1') + query;
  const body = method === 'POST' ? { body: JSON.stringify(BODY) } : {};
  const type = body.body === undefined ? {} : { 'content-type': 'application/json' };
  const reply = await fetch(url, { method, headers: { ...type, ...headers }, ...body });
  const text = await reply.text();
  if (reply.status !== 401 && reply.status !== 403) return String(reply.status);
  return `${reply.status} ${/invalid_api_key|key_kind_not_allowed|insufficient_permissions/.exec(text)?.[0] ?? text}`;
}

const bearer = (key: keyof typeof testKeys) => ({ authorization: `Bearer ${testKeys[key]}` });
const permissionOf = (route: string) =>
  Object.keys(PERMISSIONS).find((permission) => PERMISSIONS[permission]?.includes(route));
const guarded = () => routes.filter((route) => permissionOf(route) !== 'anyone');

test('every address where applications call says what it asks of a key, and there is none beside', () => {
  expect(routes.toSorted()).toEqual(Object.values(PERMISSIONS).flat().toSorted());
});

test('no address answers without a key, with one that is unknown or expired, or with one in the URL', async () => {
  for (const route of guarded()) {
    for (const headers of [{}, { authorization: 'Bearer tr_live_unknown' }, bearer('expired')])
      expect(await ask(route, headers), route).toBe('401 invalid_api_key');
    for (const name of ['key', 'api_key', 'access_token'])
      expect(await ask(route, {}, `?${name}=${testKeys.live}`), route).toBe('401 invalid_api_key');
  }
});

test('no address takes a key that may only bring traces', async () => {
  for (const route of guarded())
    expect(await ask(route, bearer('ingest')), route).toBe('403 key_kind_not_allowed');
});

test('a key with one permission opens the addresses that ask for it and no other', async () => {
  for (const route of guarded()) {
    for (const [permission, key] of Object.entries(HOLDERS) as [Permission, keyof typeof testKeys][]) {
      const answer = await ask(route, bearer(key));
      if (permission === permissionOf(route)) expect(answer, `${route} ${permission}`).not.toMatch(/^40[13]/);
      else expect(answer, `${route} ${permission}`).toBe('403 insufficient_permissions');
    }
  }
  expect(server.defects).toEqual([]);
});

test('a test key reaches no provider at any address', async () => {
  upstream.requests.length = 0;
  for (const route of guarded()) {
    const answer = await ask(route, { ...bearer('sandbox'), 'x-tokenrouter-provider': 'openai' });
    expect(answer, route).not.toMatch(/^401/);
  }
  expect(upstream.requests).toEqual([]);
  for (const route of guarded()) await ask(route, bearer('live'));
  expect(upstream.requests.length).toBeGreaterThan(10);
  expect(server.defects).toEqual([]);
});
