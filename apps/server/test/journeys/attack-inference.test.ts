import { type FakeUpstream, openFakeUpstream, playsOpenAi, staysSilent, streamsText } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { openRawSocket, type RawReply, type RawSocket } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';
import { waitUntil } from '../wait-until.ts';

let upstream: FakeUpstream;
let server: TestServer;

beforeEach(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  server = await createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
    aliases: { mine: ['gpt-4o'] },
    limits: { lingerMs: 100 },
    settings: { attemptsMax: 1 },
  });
});

afterEach(async () => {
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.defects).toEqual([]);
  await server.close();
  await upstream.close();
});

type Sent = { body: string; headers?: readonly string[]; path?: string; key?: string };

/** A whole request as text; with `headers` as they are, twice if they are there twice. */
function request({ body, headers = [], path = '/v1/chat/completions', key = testKeys.live }: Sent): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function sendText(text: string): Promise<RawReply> {
  const raw = openRawSocket(server.url);
  raw.send(text);
  return raw.closed;
}

const send = (sent: Sent): Promise<RawReply> =>
  sendText(request({ ...sent, headers: ['connection: close', ...(sent.headers ?? [])] }));

const chat = (change: object = {}): string =>
  JSON.stringify({ model: 'gpt-4o', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...change });

test.each(['acme/', 'acme/x:', ''])(
  'a model name of a megabyte is no model: nothing keeps it and no provider hears of it (%s)',
  async (start) => {
    const reply = await send({ body: chat({ model: `${start}${'m'.repeat(1_000_000)}` }) });
    expect(reply.status).toBe(404);
    expect(upstream.requests).toHaveLength(0);
    const { request: _, ...kept } = await server.recorded(0);
    expect(JSON.stringify(kept).length).toBeLessThan(10_000);
  },
);

test('twenty thousand parameters that nobody knows are told in few words', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key${at}`, 1]));
  const body = chat({ ...unknown, ['z'.repeat(1_000_000)]: 1 });
  expect((await send({ body, path: '/v1/messages' })).status).toBe(200);
  const { request: _, ...kept } = await server.recorded(0);
  expect(kept.losses[0]).toEqual({ path: 'key0', why: 'unsupported' });
  expect(JSON.stringify(kept).length).toBeLessThan(20_000);
});

test('a parameter with a name of a megabyte is refused without being repeated', async () => {
  const body = chat({ ['z'.repeat(1_000_000)]: 1 });
  const headers = ['x-tokenrouter-unsupported: reject'];
  const reply = await send({ body, headers, path: '/v1/messages' });
  expect(reply.status).toBe(400);
  expect(reply.text.length).toBeLessThan(3_000);
});

test.each([
  ['as it is', providerSecret],
  ['escaped', providerSecret.replaceAll('-', '\\u002d')],
  ['twice, once escaped', `${providerSecret} ${providerSecret.replace('c', '\\u0063')}`],
])('a provider that quotes the key it refuses shows it to nobody: %s', async (_, quoted) => {
  upstream.play((response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(`{"error":{"message":"This key is wrong: ${quoted}"}}`);
  });
  const reply = await send({ body: chat() });
  expect(reply.status).toBe(400);
  expect(reply.body).toContain('This key is wrong');
  expect(reply.text).not.toContain(providerSecret);
  expect(JSON.stringify(await server.recorded(0))).not.toContain(providerSecret);
});

test('no header of a provider reaches the caller', async () => {
  const headers = {
    'set-cookie': 'a=b',
    location: '//evil',
    'access-control-allow-origin': '*',
    'x-own': '1',
  };
  upstream.play((response, request) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return playsOpenAi({ text: 'hello' })(response, request);
  });
  const reply = await send({ body: chat() });
  expect(reply.status).toBe(200);
  for (const name of Object.keys(headers)) expect(reply.headers[name]).toBeUndefined();
});

test.each(['host: other.example', `authorization: Bearer ${testKeys.sandbox}`])(
  'a request that says twice who or where is refused: %s',
  async (header) => {
    const reply = await send({ body: chat(), headers: [header] });
    expect(reply.status).toBe(400);
    expect(upstream.requests).toHaveLength(0);
  },
);

test('test keys reach the sandbox alone, whatever they name', async () => {
  const headers = ['x-tr-provider-keys: {"acme":"sk-own"}', 'x-provider: acme'];
  const wishes = { provider: 'acme', base_url: upstream.url, api_base: upstream.url, api_key: 'sk-own' };
  const named = [
    { model: 'acme/gpt-4o' },
    { model: 'mine' },
    { model: 'gpt-4o:fast' },
    { model: 'nobody', model_preferences: ['acme/gpt-4o', 'mine'] },
    { model: 'auto' },
  ];
  for (const path of ['/v1/chat/completions', '/v1/messages', '/route']) {
    for (const names of named) {
      const keyMode = path === '/route' ? { key_mode: 'inline' } : {};
      const body = chat({ ...names, ...wishes, ...keyMode });
      const reply = await send({ body, path, headers, key: testKeys.sandbox });
      expect([reply.status, reply.headers['x-tokenrouter-provider']]).toEqual([200, 'sandbox']);
    }
  }
  expect(upstream.requests).toHaveLength(0);
});

test.each([
  'toString',
  'constructor/x',
  '__proto__',
  '__proto__/x',
  'sandbox/500',
  'sandbox/500:fast',
  '/',
  'acme/',
])('a live key that names %s gets a 404', async (model) => {
  expect((await send({ body: chat({ model }) })).status).toBe(404);
});

test('what follows a refused request on its connection is a request of its own, and never a part of its body', async () => {
  const smuggled = 'POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n\r\n';
  const refused = request({ body: chat({ x: smuggled }), key: 'tr_live_wrong' });
  const next = request({ body: chat(), headers: ['connection: close'] });
  const { text } = await sendText(refused + next);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
});

test('the end of a body that was refused half-way is not read as a request', async () => {
  const head = request({ body: 'x'.repeat(200), key: 'tr_live_wrong' }).split('\r\n\r\n')[0];
  const { text } = await sendText(`${head}\r\n\r\nGET /health HTTP/1.1\r\nhost: a\r\n\r\n`);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401']);
});

async function openTight(): Promise<TestServer> {
  const { url: baseUrl } = upstream;
  return createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl, models: ['gpt-4o'] }],
    limits: { bodyBytesMax: 100_000, bodiesBytesMax: 400_000, lingerMs: 100 },
  });
}

test('bodies that arrive slowly on many connections share one bound, and leave it free again', async () => {
  const tight = await openTight();
  const whole = request({ body: chat({ user: 'u'.repeat(80_000) }), headers: ['connection: close'] });
  const slow: RawSocket[] = [];
  for (let count = 0; count < 4; count += 1) {
    const raw = openRawSocket(tight.url);
    raw.send(whole.slice(0, -100));
    slow.push(raw);
  }
  const refused = await Promise.race(slow.map((raw) => raw.closed));
  expect([refused.status, JSON.parse(refused.body).error.code]).toEqual([503, 'overloaded']);
  for (const raw of slow) raw.socket.destroy();
  await waitUntil(async () => {
    const raw = openRawSocket(tight.url);
    raw.send(whole);
    return (await raw.closed).status === 200;
  });
  await tight.close();
});

test('a body of very many values weighs what it becomes in memory, until its call is over', async () => {
  upstream.play(staysSilent);
  const tight = await openTight();
  const body = chat({ x: Array.from({ length: 1_200 }, () => []) });
  const first = openRawSocket(tight.url);
  first.send(request({ body }));
  await upstream.received(0);
  const second = openRawSocket(tight.url);
  second.send(request({ body, headers: ['connection: close'] }));
  expect((await second.closed).status).toBe(503);
  const other = openRawSocket(tight.url);
  other.send(request({ body, headers: ['connection: close'], key: testKeys.sandbox }));
  expect((await other.closed).status).toBe(200);
  first.socket.destroy();
  await tight.recorded(2);
  upstream.play(playsOpenAi({ text: 'hello' }));
  await waitUntil(async () => {
    const third = openRawSocket(tight.url);
    third.send(request({ body, headers: ['connection: close'] }));
    return (await third.closed).status === 200;
  });
  await tight.close();
});

test('a crowd that asks whether the server is ready asks the stores once', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  let asked = 0;
  const store = () => {
    asked += 1;
    return isReleased;
  };
  const watched = await createTestServer({ checks: { store } });
  let come = 0;
  watched.app.server.on('request', () => {
    come += 1;
    if (come === 50) release();
  });
  const replies = await Promise.all(Array.from({ length: 50 }, () => fetch(`${watched.url}/ready`)));
  expect(replies.every(({ status }) => status === 200)).toBe(true);
  // Whoever came with the last one may have come after the answer.
  expect(asked).toBeLessThanOrEqual(2);
  await watched.close();
});

test.each(['/nothing', '/health', '/v1/models', '/v1/chat/completions'])(
  'a stranger cannot fill the memory at %s: the body is refused before it comes',
  async (path) => {
    const raw = openRawSocket(server.url);
    raw.send(
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10000000\r\n\r\n{"a":"`,
    );
    const reply = await raw.closed;
    expect([401, 404, 405, 413]).toContain(reply.status);
  },
);

test('streams that were asked for in one breath are all given up when their caller leaves', async () => {
  upstream.play(
    streamsText('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n', { ending: 'stall' }),
  );
  const raw = openRawSocket(server.url);
  const body = chat({ stream: true });
  raw.send(request({ body }).repeat(5) + request({ body, key: testKeys.narrow }));
  const asked = await Promise.all([0, 1, 2, 3, 4, 5].map((number) => upstream.received(number)));
  await raw.received('200 OK');
  raw.socket.destroy();
  expect(await Promise.all(asked.map(({ closed }) => closed))).toEqual(Array(6).fill('aborted'));
  await server.recorded(5);
  expect(server.records.map(({ status }) => status)).toEqual(Array(6).fill(499));
  // The key that may have one call under way has its place again.
  upstream.play(playsOpenAi({ text: 'hello' }));
  expect((await send({ body: chat(), key: testKeys.narrow })).status).toBe(200);
});

test.each(['..', '.', 'a..b', 'a/../../v1/files', '\ud800'])(
  'a name that would lead a path elsewhere is no model, at no address (%j)',
  async (name) => {
    const body = chat({ model: `acme/${name}`, input: 'x' });
    for (const path of ['/v1/chat/completions', '/v1/embeddings', '/v1/messages/count_tokens'])
      expect((await send({ body, path })).status, path).toBe(404);
    expect(upstream.requests).toHaveLength(0);
  },
);
