import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeUpstream, openFakeUpstream, playsOpenAi, streamsText } from '@app/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboardRoutes } from '../../src/routes/dashboard/dashboard-routes.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { openRawSocket, type RawReply } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';

let folder: string;
let upstream: FakeUpstream;
let server: TestServer;
const providers = () =>
  [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }] as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attack-edge-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" src="/assets/a.js"></script>',
  );
  writeFileSync(join(folder, 'assets/a.js'), 'export {};');
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  server = await createTestServer({
    providers: providers(),
    limits: {
      lingerMs: 100,
      headersTimeoutMs: 200,
      requestTimeoutMs: 400,
      checkEveryMs: 20,
      keepAliveMs: 150,
    },
    edge: { trustedProxies: ['10.0.0.0/8'] },
    plugins: [dashboardRoutes({ dir: folder, isHttps: false })],
  });
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

function sendText(text: string | Uint8Array): Promise<RawReply> {
  const raw = openRawSocket(server.url);
  raw.send(text);
  return raw.closed;
}

const chat = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
const post = (headers: string, body: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n` +
  `content-type: application/json\r\n${headers}\r\n${body}`;
const statuses = ({ text }: RawReply) => text.match(/HTTP\/1\.1 \d+/g);

describe('every reply', () => {
  test.each<[string, string]>([
    ['a page', 'GET / HTTP/1.1\r\nhost: a\r\n'],
    ['a file', 'GET /assets/a.js HTTP/1.1\r\nhost: a\r\n'],
    ['what is alive', 'GET /health HTTP/1.1\r\nhost: a\r\n'],
    ['what is not there', 'GET /nothing HTTP/1.1\r\nhost: a\r\n'],
    ['a method that is not there', 'PUT /health HTTP/1.1\r\nhost: a\r\n'],
    ['a list', `GET /v1/models HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${testKeys.live}\r\n`],
    ['a refusal before the body', 'POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n'],
    ['what is no HTTP', 'GET /health HTTP/1.1\r\nhost: a\r\nbad header\r\n'],
    ['a head that is too large', `GET /health HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n`],
    [
      'a call',
      post(`content-length: ${chat.length}\r\nconnection: close\r\n`, chat).split('\r\n\r\n')[0] ?? '',
    ],
  ])('tells browsers to guess, embed, frame and refer to nothing: %s', async (what, head) => {
    const close = head.includes('connection: close') ? '' : 'connection: close\r\n';
    const { headers, status } = await sendText(
      what === 'a call' ? `${head}\r\n\r\n${chat}` : `${head}${close}\r\n`,
    );
    expect(status).toBeGreaterThan(0);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(headers['x-powered-by'] ?? headers.server).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    // What a browser never shows as a page of its own needs no more.
    if (what === 'a call' || what === 'a refusal before the body') return;
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  test('names HTTPS to nobody who came without it, whatever a stranger says of himself', async () => {
    const claimed = 'x-forwarded-proto: https\r\nx-forwarded-ssl: on\r\nforwarded: proto=https\r\n';
    const reply = await sendText(`GET /health HTTP/1.1\r\nhost: a\r\n${claimed}connection: close\r\n\r\n`);
    expect(reply.headers['strict-transport-security']).toBeUndefined();
  });
});

test('what a proxy says of protocol and address is believed of those that are named, and of their last word only', async () => {
  const behind = await createTestServer({
    providers: providers(),
    edge: { trustedProxies: ['127.0.0.1'] },
    plugins: [(app) => void app.get('/who', ({ ip, protocol }) => ({ ip, protocol }))],
  });
  const ask = async (server: TestServer, headers: object) => {
    const reply = await fetch(`${server.url}/who`, { headers: { ...headers } });
    const said: { ip: string; protocol: string } = JSON.parse(await reply.text());
    return { ...said, hsts: reply.headers.has('strict-transport-security') };
  };
  const claims = { 'x-forwarded-for': '10.9.9.9, 203.0.113.7', 'x-forwarded-proto': 'http, https' };
  expect(await ask(behind, claims)).toEqual({ ip: '203.0.113.7', protocol: 'https', hsts: true });
  expect(await ask(behind, { ...claims, 'x-forwarded-proto': 'https, http' })).toMatchObject({ hsts: false });
  await behind.close();
  const open = await createTestServer({
    edge: { trustedProxies: ['10.0.0.0/8'] },
    plugins: [(app) => void app.get('/who', ({ ip, protocol }) => ({ ip, protocol }))],
  });
  expect(await ask(open, claims)).toEqual({ ip: '127.0.0.1', protocol: 'http', hsts: false });
  await open.close();
});

describe('figures about this server', () => {
  test.each([
    '/metrics',
    '/metrics/',
    '//metrics',
    '/METRICS',
    '/assets/../metrics',
    '/stats',
    '/debug/pprof',
    '/config',
  ])('are at no address that strangers can ask: %s', async (path) => {
    const reply = await sendText(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.body).not.toMatch(/process_|nodejs_|# HELP|<!doctype/);
  });
});

describe('a request that two readers could read in two ways', () => {
  const smuggled = 'GET /health HTTP/1.1\r\nhost: smuggled\r\n\r\n';
  const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test.each<[string, string, string]>([
    ['both lengths, chunked first', 'transfer-encoding: chunked\r\ncontent-length: 4\r\n', '0\r\n\r\n'],
    ['a space in the name of the coding', 'transfer-encoding : chunked\r\n', '0\r\n\r\n'],
    ['a coding that is no coding', 'transfer-encoding: xchunked\r\n', '0\r\n\r\n'],
    ['a coding with a NUL', 'transfer-encoding: chunked\0\r\n', '0\r\n\r\n'],
    ['a coding behind a vertical tab', 'transfer-encoding:\x0bchunked\r\n', '0\r\n\r\n'],
    ['a folded coding', 'transfer-encoding:\r\n chunked\r\n', '0\r\n\r\n'],
    ['a folded header', 'x-a: b\r\n c\r\ncontent-length: 4\r\n', 'aaaa'],
    ['a coding in quotes', 'transfer-encoding: "chunked"\r\n', '0\r\n\r\n'],
    ['a length in hexadecimal', 'content-length: 0x4\r\n', 'aaaa'],
    ['a length with a sign', 'content-length: -4\r\n', 'aaaa'],
    ['a length with a space inside', 'content-length: 1 2\r\n', 'aaaa'],
    ['a length that is a number too large', 'content-length: 99999999999999999999\r\n', 'aaaa'],
    ['two lengths that are the same', 'content-length: 4\r\ncontent-length: 4\r\n', 'aaaa'],
    ['a bare line feed between headers', 'x-a: b\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'],
    [
      'a bare carriage return in a value',
      'x-a: b\rtransfer-encoding: chunked\r\ncontent-length: 4\r\n',
      'aaaa',
    ],
    ['a NUL in a value', 'x-a: b\0c\r\ncontent-length: 4\r\n', 'aaaa'],
    ['a name with a space', 'x a: b\r\ncontent-length: 4\r\n', 'aaaa'],
    ['a header without a name', ': b\r\ncontent-length: 4\r\n', 'aaaa'],
    [
      'a chunk larger than any number',
      'transfer-encoding: chunked\r\n',
      'fffffffffffffffff\r\naaaa\r\n0\r\n\r\n',
    ],
    ['a chunk of negative size', 'transfer-encoding: chunked\r\n', '-1\r\naaaa\r\n0\r\n\r\n'],
    ['a chunk that is longer than it says', 'transfer-encoding: chunked\r\n', '1\r\naaaa\r\n0\r\n\r\n'],
    ['a chunk size ended by a bare line feed', 'transfer-encoding: chunked\r\n', '4\naaaa\r\n0\r\n\r\n'],
    ['a chunk ended by nothing', 'transfer-encoding: chunked\r\n', '4\r\naaaa0\r\n\r\n'],
    [
      'chunk extensions without end',
      'transfer-encoding: chunked\r\n',
      `4;${'x'.repeat(40_000)}\r\naaaa\r\n0\r\n\r\n`,
    ],
    [
      'a chunk extension with a bare line feed',
      'transfer-encoding: chunked\r\n',
      '4;a\nb\r\naaaa\r\n0\r\n\r\n',
    ],
  ])('is refused, and what follows it on the connection is never read: %s', async (_, head, body) => {
    const before = upstream.requests.length;
    const reply = await sendText(post(head, body + smuggled));
    expect(statuses(reply)).toHaveLength(1);
    expect([400, 413, 431]).toContain(reply.status);
    expect(reply.text).not.toContain('"status":"ok"');
    expect(upstream.requests).toHaveLength(before);
  });

  test('that is none is read once: chunks with short extensions and a trailer', async () => {
    const [first, rest] = [chat.slice(0, 10), chat.slice(10)];
    const body = `a;name=value\r\n${first}\r\n${chunked(rest).replace('0\r\n\r\n', '0\r\nx-trailer: 1\r\n\r\n')}`;
    const reply = await sendText(post('transfer-encoding: chunked\r\nconnection: close\r\n', body));
    expect([reply.status, statuses(reply)?.length]).toEqual([200, 1]);
  });

  test.each([
    'GET http://evil.example/health HTTP/1.1\r\nhost: evil.example, a\r\n',
    'GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\n',
    'GET /health HTTP/1.1\r\n',
    'GET /health HTTP/1.1\r\nhost: a b\r\nhost: c\r\n',
    'GET /health HTTP/1.1 HTTP/1.1\r\nhost: a\r\n',
    'GET http://evil.example/health HTTP/1.1\r\nhost: a\r\n',
    'GET http://a@evil.example/health HTTP/1.1\r\nhost: a\r\n',
    'GET /health HTTP/1.1\r\nhost: a/b\r\n',
    'GET /health HTTP/1.1\r\nhost: a@evil.example\r\n',
    'GET /health HTTP/9.9\r\nhost: a\r\n',
    'GET /he\0alth HTTP/1.1\r\nhost: a\r\n',
    'PRI * HTTP/2.0\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n',
    'TRACE /health HTTP/1.1\r\nhost: a\r\n',
  ])('whose first lines are not what they must be is answered with nothing of ours: %j', async (head) => {
    const reply = await sendText(`${head}connection: close\r\n\r\n`);
    expect(reply.text).not.toContain('"status":"ok"');
    expect(reply.text).not.toContain('evil.example');
  });

  test('a header that only looks like ours is none of ours: underscores name nobody', async () => {
    const reply = await sendText(
      `GET /v1/models HTTP/1.1\r\nhost: a\r\nx_api_key: ${testKeys.live}\r\nhttp_authorization: Bearer ${testKeys.live}\r\nconnection: close\r\n\r\n`,
    );
    expect(reply.status).toBe(401);
  });

  test.each(['x-http-method-override: DELETE', 'x-http-method: PUT', 'x-method-override: DELETE'])(
    'no header makes another method of a request: %s',
    async (header) => {
      const reply = await sendText(
        post(`${header}\r\ncontent-length: ${chat.length}\r\nconnection: close\r\n`, chat),
      );
      expect(reply.status).toBe(200);
      expect(upstream.requests.at(-1)?.method).toBe('POST');
    },
  );

  test('an answer goes to whoever asked for it, in the order of asking, also beside refusals', async () => {
    const good = `GET /health HTTP/1.1\r\nhost: a\r\n\r\n`;
    const missing = `GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n`;
    const last = `GET /v1/models HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`;
    const reply = await sendText(good + missing + good + last);
    expect(statuses(reply)).toEqual(['200', '404', '200', '401'].map((status) => `HTTP/1.1 ${status}`));
  });
});

describe('a caller that takes its time', () => {
  test('over its head is answered with 408 and cut off', async () => {
    const raw = openRawSocket(server.url);
    raw.send('GET /health HTTP/1.1\r\nhost: a\r\nx-slow: ');
    expect((await raw.closed).status).toBe(408);
  });

  test('over its body is cut off, and no provider hears of it', async () => {
    const before = upstream.requests.length;
    const raw = openRawSocket(server.url);
    raw.send(post(`content-length: ${chat.length}\r\n`, chat.slice(0, 5)));
    expect((await raw.closed).status).toBe(408);
    expect(upstream.requests).toHaveLength(before);
  });

  test('before its next request loses its connection, and nothing else', async () => {
    const raw = openRawSocket(server.url);
    raw.send('GET /health HTTP/1.1\r\nhost: a\r\n\r\n');
    expect((await raw.closed).status).toBe(200);
  });

  test('to read its answer is cut off when its socket has been full for as long as it may be', async () => {
    const slow = await createTestServer({ providers: providers(), limits: { drainTimeoutMs: 50 } });
    const delta = JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(60_000) } }] });
    upstream.play(streamsText(`data: ${delta}\n\n`.repeat(400), { ending: 'stall' }));
    const raw = openRawSocket(slow.url);
    raw.socket.pause();
    const body = JSON.stringify({
      model: 'gpt-4o',
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
    });
    raw.send(post(`content-length: ${body.length}\r\n`, body));
    const record = await slow.recorded(0);
    expect(record.status).toBe(499);
    raw.socket.destroy();
    upstream.play(playsOpenAi({ text: 'hello' }));
    await slow.close();
  });
});
