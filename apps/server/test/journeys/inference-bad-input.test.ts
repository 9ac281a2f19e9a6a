import { answersJson, type FakeUpstream, openFakeUpstream } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { openRawSocket, type RawReply } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';

let upstream: FakeUpstream;
let server: TestServer;

beforeEach(async () => {
  upstream = await openFakeUpstream(answersJson({}));
  server = await createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
    limits: {
      bodyBytesMax: 100_000,
      headersTimeoutMs: 300,
      requestTimeoutMs: 600,
      checkEveryMs: 50,
      lingerMs: 100,
    },
  });
});

afterEach(async () => {
  // Whatever was sent, the server is up, no provider heard of it, and nothing was left unforeseen.
  const health = await fetch(`${server.url}/health`);
  expect(health.status).toBe(200);
  expect(upstream.requests).toHaveLength(0);
  expect(server.defects).toEqual([]);
  await server.close();
  await upstream.close();
});

type Sent = { body: string | Buffer; headers?: { [name: string]: string }; path?: string };

/** One request on one connection, closed by the server after its reply. */
function send({ body, headers = {}, path = '/v1/chat/completions' }: Sent): Promise<RawReply> {
  const raw = openRawSocket(server.url);
  const all = {
    host: 'localhost',
    connection: 'close',
    authorization: `Bearer ${testKeys.live}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  raw.send(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  raw.send(body);
  return raw.closed;
}

function sendText(text: string): Promise<RawReply> {
  const raw = openRawSocket(server.url);
  raw.send(text);
  return raw.closed;
}

const chat = (change: object = {}) =>
  JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], ...change });

function expectError(reply: RawReply, status: number, code: string): void {
  expect(reply.status).toBe(status);
  expect(reply.headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/);
  expect(reply.headers['content-type']).toMatch(/^application\/json/);
  const body = JSON.parse(reply.body);
  expect(body.error).toMatchObject({ code, http_status: status, request_id: reply.headers['x-request-id'] });
  expect(body.detail).toBe(body.error.message);
}

test.each([
  ['invalid JSON', '{"model":', 400, 'invalid_json'],
  ['no body', '', 400, 'invalid_json'],
  ['an array', '[]', 400, 'invalid_json'],
  [
    'JSON 200 levels deep',
    chat({ x: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) }),
    400,
    'invalid_json',
  ],
  ['100,000 open brackets', '['.repeat(99_999), 400, 'invalid_json'],
  ['no messages', '{"model":"gpt-4o"}', 400, 'missing_parameter'],
  ['messages of the wrong type', chat({ messages: 'hi' }), 400, 'invalid_parameter'],
  ['a message of the wrong type', chat({ messages: [7] }), 400, 'invalid_parameter'],
  ['a model of the wrong type', chat({ model: 7 }), 400, 'invalid_parameter'],
  ['a temperature of the wrong type', chat({ temperature: 'hot' }), 400, 'invalid_parameter'],
  ['a stream flag of the wrong type', chat({ stream: 'yes' }), 400, 'invalid_parameter'],
  ['an unknown mode', chat({ mode: 'magic' }), 400, 'invalid_parameter'],
  ['preferences of the wrong type', chat({ model_preferences: 'gpt-4o' }), 400, 'invalid_parameter'],
  ['an unknown model', chat({ model: 'gpt-none' }), 404, 'model_not_found'],
  ['a body over the limit', chat({ x: 'x'.repeat(100_000) }), 413, 'body_too_large'],
] as const)('%s is a typed error and is recorded', async (...[, body, status, code]) => {
  const reply = await send({ body });
  expectError(reply, status, code);
  expect(server.records).toHaveLength(1);
  expect(server.records[0]).toMatchObject({
    status,
    errorCode: code,
    route: '/v1/chat/completions',
    requestId: reply.headers['x-request-id'],
  });
});

test('a body that is not UTF-8 is refused', async () => {
  const body = Buffer.concat([Buffer.from('{"model":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  expectError(await send({ body }), 400, 'invalid_json');
});

test('the fault is named by its field', async () => {
  const reply = await send({ body: chat({ mode: 'magic' }) });
  expect(JSON.parse(reply.body).error.param).toBe('mode');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'garbage'])(
  'the content type %s is refused',
  async (type) => {
    expectError(
      await send({ body: chat(), headers: { 'content-type': type } }),
      415,
      'unsupported_media_type',
    );
  },
);

test('a compressed body is refused, so there is no bomb to unpack', async () => {
  const reply = await send({ body: chat(), headers: { 'content-encoding': 'gzip' } });
  expectError(reply, 415, 'unsupported_media_type');
});

test('a chunked body is counted while it comes and refused at the limit', async () => {
  const raw = openRawSocket(server.url);
  raw.send(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n` +
      'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const piece = `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`;
  for (let count = 0; count < 11; count += 1) raw.send(piece);
  expectError(await raw.closed, 413, 'body_too_large');
});

test('a stranger is refused before a byte of the body is read, and cannot go on sending it', async () => {
  const raw = openRawSocket(server.url);
  raw.send(
    'POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer tr_live_wrong\r\n' +
      'content-type: application/json\r\ncontent-length: 90000\r\n\r\n{',
  );
  expectError(await raw.closed, 401, 'invalid_api_key');
  expect(server.records).toHaveLength(0);
});

test('headers over the limit are 431 in our envelope', async () => {
  const reply = await sendText(`GET /health HTTP/1.1\r\nhost: a\r\nx-bomb: ${'x'.repeat(20_000)}\r\n\r\n`);
  expectError(reply, 431, 'headers_too_large');
});

test('ten thousand small headers are 431 as well', async () => {
  const reply = await sendText(`GET /health HTTP/1.1\r\nhost: a\r\n${'a: b\r\n'.repeat(10_000)}\r\n`);
  expectError(reply, 431, 'headers_too_large');
});

test.each([
  ['both lengths', 'content-length: 4\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'],
  ['two lengths', 'content-length: 4\r\ncontent-length: 5\r\n', 'aaaa'],
  ['a length list', 'content-length: 4, 4\r\n', 'aaaa'],
  ['a signed length', 'content-length: +4\r\n', 'aaaa'],
  ['an unknown coding', 'transfer-encoding: chunked, identity\r\n', '0\r\n\r\n'],
  ['a coding twice', 'transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'],
  ['a space before the colon', 'content-length : 4\r\n', 'aaaa'],
  ['a null byte', 'x-a: b\0c\r\ncontent-length: 0\r\n', ''],
  ['a bare line feed', 'x-a: b\ncontent-length: 4\r\n', 'aaaa'],
  ['a chunk size that is no number', 'transfer-encoding: chunked\r\n', 'zz\r\n\r\n'],
])(
  'a request that could be read in two ways is refused and the connection closed: %s',
  async (_, head, body) => {
    const smuggled = 'GET /health HTTP/1.1\r\nhost: smuggled\r\n\r\n';
    const reply = await sendText(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n` +
        `content-type: application/json\r\n${head}\r\n${body}${smuggled}`,
    );
    expect(reply.status).toBe(400);
    expect(reply.text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(reply.text).not.toContain('"status":"ok"');
  },
);

test('something that is not HTTP gets a 400 and a closed connection', async () => {
  expectError(await sendText('EHLO mail.example\r\n\r\n'), 400, 'invalid_parameter');
});

test('a caller that sends its headers one byte at a time is cut off', async () => {
  const raw = openRawSocket(server.url);
  raw.send('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n');
  const timer = setInterval(() => raw.send('x'), 20);
  const reply = await raw.closed;
  clearInterval(timer);
  expectError(reply, 408, 'request_timeout');
});

test('a caller that never finishes its body is cut off', async () => {
  const raw = openRawSocket(server.url);
  raw.send(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n` +
      'content-type: application/json\r\ncontent-length: 1000\r\n\r\n',
  );
  const timer = setInterval(() => raw.send(' '), 20);
  const reply = await raw.closed;
  clearInterval(timer);
  expectError(reply, 408, 'request_timeout');
});

test('a caller that leaves in the middle of its body leaves nothing behind', async () => {
  const raw = openRawSocket(server.url);
  raw.send(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n` +
      'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model"',
  );
  raw.socket.destroy();
  await raw.closed;
  expect(server.records).toHaveLength(0);
});

test.each(['GET', 'PUT', 'DELETE'])('%s where only POST is allowed says so', async (method) => {
  const response = await fetch(`${server.url}/v1/chat/completions`, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
  expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
});

test('an address that does not exist is 404 in our envelope, with a request id', async () => {
  const response = await fetch(`${server.url}/v2/nothing?token=tr_live_secret`, { method: 'POST' });
  expect(response.status).toBe(404);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found', type: 'not_found_error' } });
  expect(text).not.toContain('tr_live_secret');
});

test('an address that cannot be decoded is 400', async () => {
  expectError(
    await sendText('GET /v1/%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'),
    400,
    'invalid_parameter',
  );
});
