import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { awayRegistry } from '../away-registry.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let upstream: FakeUpstream;
let server: TestServer;

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello.' }));
  const at = { dialect: 'openai-chat', baseUrl: upstream.url } as const;
  server = await createTestServer({
    providers: [
      { ...at, id: 'two', models: ['gpt-4o', 'o3', 'embed-1'] },
      { ...at, id: 'one', models: ['gpt-4o', 'o3', 'embed-1'] },
    ],
    aliases: { fast: ['one/gpt-4o'], slow: ['two/o3'] },
    modelOrder: ['o3', 'gpt-4o'],
    registry: {
      ...awayRegistry,
      find: async () => ({ ...FILE, kind: 'file', purpose: 'batch', createdAtMs: 0, body: {} }),
      findFiles: async () => [FILE],
    },
  });
});

const FILE = { id: 'file-1', providerId: 'one' };

afterEach(() => {
  expect(server.defects).toEqual([]);
  upstream.requests.length = 0;
});

afterAll(async () => {
  await server.close();
  await upstream.close();
});

/** A key that may call `gpt-4o*` and `embed-1` at the provider `one`. */
async function call(path: string, body?: object, key: string = testKeys.confined) {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = JSON.parse(await response.text());
  return {
    status: response.status,
    code: json.error?.code,
    to: response.headers.get('x-tokenrouter-provider'),
    model: response.headers.get('x-tokenrouter-model'),
    json,
  };
}

const messages = [{ role: 'user', content: 'Hello' }];
const chat = (more: object) => call('/v1/chat/completions', { messages, ...more });

test('a key that is confined reaches what it may call and passes over the rest without a word', async () => {
  expect(await chat({ model: 'gpt-4o' })).toMatchObject({ status: 200, to: 'one', model: 'gpt-4o' });
  expect(await chat({ model: 'fast' })).toMatchObject({ status: 200, to: 'one' });
  expect(await chat({ model: 'auto' })).toMatchObject({ status: 200, to: 'one', model: 'gpt-4o' });
  expect(await chat({})).toMatchObject({ status: 200, model: 'gpt-4o' });
  const preferring = { model: 'auto', model_preferences: ['o3', 'slow', 'gpt-4o'] };
  expect(await chat(preferring)).toMatchObject({ status: 200, to: 'one', model: 'gpt-4o' });
});

test('what it may not call is refused by name, in every dialect and on every address, and reaches nobody', async () => {
  const forbidden = { status: 403, code: 'model_not_allowed' };
  expect(await chat({ model: 'o3' })).toMatchObject(forbidden);
  expect(await chat({ model: 'one/o3' })).toMatchObject(forbidden);
  expect(await chat({ model: 'slow' })).toMatchObject({ status: 403, code: 'provider_not_allowed' });
  expect(await chat({ model: 'two/gpt-4o' })).toMatchObject({ status: 403, code: 'provider_not_allowed' });
  expect(await call('/v1/messages', { model: 'o3', max_tokens: 9, messages })).toMatchObject({
    status: 403,
    json: { error: { type: 'permission_error' } },
  });
  expect(await call('/v1/responses', { model: 'o3', input: 'Hello', store: false })).toMatchObject(forbidden);
  expect(await call('/v1/embeddings', { model: 'o3', input: 'x' })).toMatchObject(forbidden);
  expect(await call('/v1/batches', { input_file_id: 'file-1' })).toMatchObject(forbidden);
  expect(await chat({ model: 'nobody' })).toMatchObject({ status: 404, code: 'model_not_found' });
  expect(upstream.requests).toEqual([]);
});

test('it is shown what it may call and nothing else', async () => {
  const ids = async (path: string, field = 'data') =>
    (await call(path)).json[field].map(({ id, name }: { id?: string; name: string }) => id ?? name);
  const listed = ['fast', 'gpt-4o', 'embed-1'];
  expect(await ids('/v1/models')).toEqual(listed);
  expect(await ids('/v1/capabilities')).toEqual(listed);
  expect(await ids('/v1beta/models', 'models')).toEqual(listed.map((id) => `models/${id}`));
  expect(await call('/v1/models/gpt-4o')).toMatchObject({ status: 200 });
  expect(await call('/v1/models/o3')).toMatchObject({ status: 404, code: 'model_not_found' });
  expect(await call('/v1/capabilities?model=o3')).toMatchObject({ status: 404 });
  const [{ targets }] = (await call('/v1/capabilities?model=gpt-4o')).json.data;
  expect(targets.map(({ provider }: { provider: string }) => provider)).toEqual(['one']);
  expect((await call('/v1/models', undefined, testKeys.live)).json.data.length).toBeGreaterThan(3);
});

test('a key for other addresses is told so everywhere, and only when it is a good key', async () => {
  const paths: [string, object?][] = [
    ['/v1/chat/completions', { model: 'gpt-4o', messages }],
    ['/v1/embeddings', { model: 'embed-1', input: 'x' }],
    ['/v1/models'],
    ['/v1/capabilities'],
    ['/v1beta/models'],
    ['/v1/responses/resp_1'],
    ['/v1/files'],
  ];
  for (const [path, body] of paths) {
    const { status, json } = await call(path, body, testKeys.elsewhere);
    // Google's envelope has a word of its own for it.
    const said = JSON.stringify(json);
    expect({ path, status, isSaid: /ip_not_allowed|may not be used from this address/.test(said) }).toEqual({
      path,
      status: 403,
      isSaid: true,
    });
    expect((await call(path, body, `${testKeys.elsewhere}x`)).status).toBe(401);
  }
  expect(upstream.requests).toEqual([]);
});
