import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '@app/testkit';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { type FakeRealtime, openFakeRealtime, responseDone } from '../open-fake-realtime.ts';
import { testKeys } from '../test-keys.ts';

let provider: FakeRealtime;
let server: TestServer;

beforeEach(async () => {
  provider = await openFakeRealtime({
    onText: (text, { socket }) => {
      if (!text.includes('response.create')) return;
      socket.send(JSON.stringify({ type: 'response.created', response: { id: 'resp_1' } }));
      socket.send(JSON.stringify({ type: 'response.output_audio.delta', delta: 'AAAA' }));
      socket.send(JSON.stringify(responseDone('Hello aloud.')));
    },
  });
  server = await createTestServer({
    providers: [
      {
        id: 'openai',
        dialect: 'openai-chat',
        baseUrl: `${provider.url}/v1`,
        models: ['gpt-realtime', 'gpt-4o'],
      },
    ],
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await provider.close();
});

const open = (
  query = '?model=gpt-realtime',
  headers: { [name: string]: string } = {},
  protocols: string[] = [],
) =>
  new WebSocket(`${server.url.replace('http', 'ws')}/v1/realtime${query}`, protocols, {
    headers: { authorization: `Bearer ${testKeys.live}`, ...headers },
  });

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

const closed = (socket: WebSocket) =>
  new Promise<number>((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) resolve(1006);
    socket.once('close', resolve);
  });

const next = (socket: WebSocket, type: string) =>
  new Promise<{ [name: string]: unknown }>((resolve) => {
    const listen = (data: unknown) => {
      const message = JSON.parse(String(data));
      if (message.type !== type) return;
      socket.off('message', listen);
      resolve(message);
    };
    socket.on('message', listen);
  });

/** The refusal of an upgrade, as an ordinary reply. */
const refused = (socket: WebSocket) =>
  new Promise<{ status: number; code: unknown }>((resolve, reject) => {
    socket.once('open', () => reject(new Error('it was opened')));
    socket.once('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).error.code }),
      );
    });
  });

describe('a realtime session', () => {
  test('passes messages both ways as they are, with the provider its own key, and is metered by the response', async () => {
    const socket = open();
    await opened(socket);
    const done = next(socket, 'response.done');
    const said = '{"type":"response.create",  "unknown":{"deep":[1]}}';
    socket.send(said);
    expect(await done).toEqual(responseDone('Hello aloud.'));
    const session = await provider.opened(0);
    expect(session.texts).toEqual([said]);
    expect(session.path).toBe('/v1/realtime?model=gpt-realtime');
    expect(session.headers.authorization).toBe(`Bearer ${providerSecret}`);
    expect(JSON.stringify(session.headers)).not.toContain(testKeys.live);
    expect(await server.recorded(0)).toMatchObject({
      route: '/v1/realtime',
      provider: 'openai',
      model: 'gpt-realtime',
      status: 200,
      usage: { inputFresh: 5, inputAudio: 15, inputCacheRead: 0, outputText: 2, outputAudio: 8 },
      reply: { parts: [{ kind: 'text', text: 'Hello aloud.' }] },
    });
    socket.close(1000);
    expect(await closed(session.socket)).toBe(1000);
    expect(server.records).toHaveLength(1);
  });

  test('speaks with the official client', async () => {
    const { key, cert } = makeCertificate('localhost');
    const { hostname, port } = new URL(server.url);
    const front = createTlsServer({ key, cert }, (secure) => {
      const plain = connect(Number(port), hostname);
      secure.pipe(plain).pipe(secure);
      for (const side of [secure, plain]) side.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const address = front.address() as AddressInfo;
    const client = new OpenAI({ apiKey: testKeys.live, baseURL: `https://127.0.0.1:${address.port}/v1` });
    const realtime = new OpenAIRealtimeWS(
      { model: 'gpt-realtime', options: { rejectUnauthorized: false } },
      client,
    );
    const text = await new Promise((resolve, reject) => {
      realtime.on('error', reject);
      realtime.on('response.done', (event) => resolve(JSON.stringify(event.response.output)));
      realtime.socket.on('open', () => realtime.send({ type: 'response.create' }));
    });
    expect(text).toContain('Hello aloud.');
    realtime.close();
    front.close();
  });

  test('takes its key as a subprotocol from those that cannot send headers, and never passes it on', async () => {
    const protocols = ['realtime', `openai-insecure-api-key.${testKeys.live}`];
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`,
      protocols,
    );
    await opened(socket);
    expect(socket.protocol).toBe('realtime');
    const session = await provider.opened(0);
    expect(JSON.stringify(session.headers)).not.toContain(testKeys.live);
    socket.close();
  });

  test('ends for the caller when the provider breaks off, with a typed error first', async () => {
    const socket = open();
    await opened(socket);
    const error = next(socket, 'error');
    (await provider.opened(0)).socket.terminate();
    expect(await error).toMatchObject({ error: { code: 'provider_failed', type: 'provider_error' } });
    expect(await closed(socket)).toBe(1011);
    expect(await server.recorded(0)).toMatchObject({ errorCode: 'provider_failed', cost: { nanos: 0 } });
  });

  test('ends for the provider when the caller vanishes, and gives its place back', async () => {
    const first = open(undefined, { authorization: `Bearer ${testKeys.narrow}` });
    await opened(first);
    expect(await refused(open(undefined, { authorization: `Bearer ${testKeys.narrow}` }))).toEqual({
      status: 429,
      code: 'concurrency_limit_exceeded',
    });
    const session = await provider.opened(0);
    first.terminate();
    expect(await closed(session.socket)).toBe(1011);
    const again = open(undefined, { authorization: `Bearer ${testKeys.narrow}` });
    await opened(again);
    again.close();
  });

  test.each<[string, string, string]>([
    ['prompt', 'unsupported_parameter', '{"type":"session.update","session":{"prompt":{"id":"pmpt_1"}}}'],
    ['file_id', 'unsupported_parameter', '{"item":{"content":[{"type":"input_image","file_id":"f1"}]}}'],
    ['null', 'invalid_json', `{"type":"session.update","session":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['null', 'invalid_json', 'response.create'],
  ])('hears of %s and %s instead of the provider, and goes on', async (param, code, said) => {
    const socket = open();
    await opened(socket);
    for (const data of [said, Buffer.from(said)]) {
      const error = next(socket, 'error');
      socket.send(data);
      expect(await error).toMatchObject({ error: { code, param: param === 'null' ? null : param } });
    }
    const done = next(socket, 'response.done');
    socket.send('{"type":"response.create"}');
    await done;
    expect((await provider.opened(0)).texts).toEqual(['{"type":"response.create"}']);
    socket.close();
  });

  test('ends for who asks for signs of life again and again without reading them', async () => {
    const socket = open();
    socket.on('error', () => undefined);
    await opened(socket);
    const session = await provider.opened(0);
    const over = closed(session.socket).then(() => true);
    socket.pause();
    const payload = Buffer.alloc(125);
    let isOver = false;
    void over.then(() => {
      isOver = true;
    });
    for (let sent = 0; sent < 2_000_000 && !isOver; sent += 1_000) {
      for (let at = 0; at < 1_000; at += 1) socket.ping(payload, undefined, () => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isOver).toBe(true);
    socket.terminate();
  }, 60_000);

  test('does not take a message beyond the limit', async () => {
    const socket = open();
    await opened(socket);
    socket.send('x'.repeat(17 * 1024 * 1024));
    expect(await closed(socket)).toBe(1009);
    expect((await provider.opened(0)).texts).toEqual([]);
  });
});

describe('a session is refused before it is one', () => {
  type Refusal = { status: number; code: string };
  const cases: [string, () => WebSocket, Refusal][] = [
    ['without a key', () => open(undefined, { authorization: '' }), { status: 401, code: 'invalid_api_key' }],
    [
      'with an unknown key',
      () => open(undefined, { authorization: 'Bearer tr_live_no' }),
      { status: 401, code: 'invalid_api_key' },
    ],
    [
      'with a key in the URL',
      () => open(`?model=gpt-realtime&api_key=${testKeys.live}`, { authorization: '' }),
      { status: 401, code: 'invalid_api_key' },
    ],
    [
      'with a key that may not call',
      () => open(undefined, { authorization: `Bearer ${testKeys.noPermission}` }),
      { status: 403, code: 'insufficient_permissions' },
    ],
    [
      'with a key of the wrong kind',
      () => open(undefined, { authorization: `Bearer ${testKeys.ingest}` }),
      { status: 403, code: 'key_kind_not_allowed' },
    ],
    [
      'with a test key',
      () => open(undefined, { authorization: `Bearer ${testKeys.sandbox}` }),
      { status: 501, code: 'sandbox_unsupported' },
    ],
    ['without a model', () => open(''), { status: 400, code: 'missing_parameter' }],
    [
      'for a model that nobody serves',
      () => open('?model=gpt-nine'),
      { status: 404, code: 'model_not_found' },
    ],
    [
      'for a page of another origin',
      () => open(undefined, { origin: 'https://evil.example' }),
      { status: 403, code: 'insufficient_permissions' },
    ],
  ];
  test.each(cases)('%s', async (_what, make, refusal) => {
    expect(await refused(make())).toEqual(refusal);
    expect(provider.sessions).toEqual([]);
  });

  test('over plain HTTP, with the remedy', async () => {
    const response = await fetch(`${server.url}/v1/realtime?model=gpt-realtime`, {
      headers: { authorization: `Bearer ${testKeys.live}` },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('wss://');
  });

  test('when the provider refuses, without its words or its key', async () => {
    const refusing = await openFakeRealtime({ refuseWith: 401 });
    const other = await createTestServer({
      providers: [{ id: 'openai', dialect: 'openai-chat', baseUrl: refusing.url, models: ['gpt-realtime'] }],
    });
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime`, {
      headers: { authorization: `Bearer ${testKeys.live}` },
    });
    expect(await refused(socket)).toEqual({ status: 502, code: 'provider_failed' });
    await other.close();
    await refusing.close();
  });
});
