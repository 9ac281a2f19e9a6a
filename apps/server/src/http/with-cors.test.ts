import { type FakeUpstream, openFakeUpstream, playsOpenAi, streamsText } from '@app/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../../test/create-test-server.ts';
import { testKeys } from '../../test/test-keys.ts';
import { Cors } from '../config/cors-fields.ts';

const ORIGIN = 'https://app.example.com';
const CHAT = '/v1/chat/completions';
let upstream: FakeUpstream;
let opened: TestServer;
let closed: TestServer;

beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  const providers = [
    { id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] },
  ] as const;
  const management = (app: TestServer['app']) => void app.post('/api/v1/projects/:project/keys', () => ({}));
  const more = { providers, plugins: [management] };
  opened = await createTestServer({
    ...more,
    cors: Cors.parse({ origins: [ORIGIN, 'http://localhost:5173'] }),
  });
  closed = await createTestServer(more);
});
afterAll(async () => {
  await opened.close();
  await closed.close();
  await upstream.close();
});

type Asked = { method?: string; url?: string; origin?: string | undefined; headers?: object; body?: object };

async function ask(server: TestServer, { method = 'POST', url = CHAT, origin, headers = {}, body }: Asked) {
  const reply = await fetch(`${server.url}${url}`, {
    method,
    headers: {
      authorization: `Bearer ${testKeys.live}`,
      ...(origin !== undefined && { origin }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await reply.arrayBuffer();
  return reply;
}

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };
const preflight = (server: TestServer, origin: string | undefined, more: Asked = {}) =>
  ask(server, {
    method: 'OPTIONS',
    origin,
    ...more,
    headers: { 'access-control-request-method': 'POST', ...more.headers },
  });
const corsHeadersOf = (reply: Response) =>
  [...reply.headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('where nothing is listed', () => {
  test.each([CHAT, '/v1/models', '/route', '/health', '/nothing'])(
    'a page of another site may not ask for %s, and gets no header that would let it read the answer',
    async (url) => {
      const asked = await preflight(closed, ORIGIN, { url });
      expect([404, 405]).toContain(asked.status);
      for (const method of ['GET', 'POST']) {
        const reply = await ask(closed, {
          method,
          url,
          origin: ORIGIN,
          ...(method === 'POST' && { body: chat }),
        });
        expect(corsHeadersOf(reply)).toEqual([]);
      }
      expect(corsHeadersOf(asked)).toEqual([]);
    },
  );
});

describe('a listed origin', () => {
  test.each(['application/json', 'text/event-stream'])(
    'reads its answers, %s, and errors too',
    async (type) => {
      const stream = type === 'text/event-stream';
      if (stream)
        upstream.play(
          streamsText('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n', {}),
        );
      const answered = await ask(opened, { origin: ORIGIN, body: { ...chat, stream } });
      upstream.play(playsOpenAi({ text: 'hello' }));
      const refused = await ask(opened, {
        origin: ORIGIN,
        body: chat,
        headers: { authorization: 'Bearer no' },
      });
      const listed = await ask(opened, { method: 'GET', url: '/v1/models', origin: ORIGIN });
      expect([answered.status, refused.status, listed.status]).toEqual([200, 401, 200]);
      expect(answered.headers.get('content-type')).toContain(type);
      for (const { headers } of [answered, refused, listed]) {
        expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
        expect(headers.get('vary')).toBe('Origin');
        expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    },
  );

  test('is told by a preflight what it may send: what the vendors’ libraries do, and nothing that nobody knows', async () => {
    const wanted =
      'Authorization, content-type, x-stainless-os, x-tokenrouter-tags, anthropic-version, x-evil';
    const reply = await preflight(opened, ORIGIN, { headers: { 'access-control-request-headers': wanted } });
    expect(reply.status).toBe(204);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, x-stainless-os, x-tokenrouter-tags, anthropic-version',
      'access-control-max-age': '600',
      vary: 'Origin, Access-Control-Request-Headers',
    });
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    expect(reply.headers.get('access-control-allow-private-network')).toBeNull();
  });

  test('costs no provider a call by its preflight, and no key is asked for', async () => {
    const before = upstream.requests.length;
    for (const url of [CHAT, '/v1/messages', '/v1/embeddings', '/v1/responses/resp_x', '/v1/files']) {
      const reply = await preflight(opened, ORIGIN, { url, headers: { authorization: '' } });
      expect(reply.status, url).toBe(204);
    }
    expect(upstream.requests).toHaveLength(before);
  });

  test('reaches no address of the management API, nor what says how the server does', async () => {
    for (const url of ['/api/v1/projects/default/keys', '/health', '/ready', '/api/auth/sign-out']) {
      expect(corsHeadersOf(await preflight(opened, ORIGIN, { url })), url).toEqual([]);
      expect(corsHeadersOf(await ask(opened, { url, origin: ORIGIN, body: {} })), url).toEqual([]);
    }
  });
});

describe('whatever only looks like a listed origin', () => {
  test.each([
    'null',
    '*',
    '',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'https://app.example.com:443',
    'https://app.example.com:8443',
    'http://app.example.com',
    'https://APP.example.com',
    'https://app.example.com/',
    'https://app.example.com.',
    'https://sub.app.example.com',
    'https://appXexample.com',
    'https://app.example.com@evil.example',
    'https://app.example.com, https://evil.example',
    'http://localhost:5174',
    'http://127.0.0.1:5173',
    'file://',
    '__proto__',
  ])('%j gets neither a preflight nor an answer it can read', async (origin) => {
    const asked = await preflight(opened, origin);
    expect(asked.status).toBe(403);
    expect(corsHeadersOf(asked)).toEqual([]);
    const reply = await ask(opened, { origin, body: chat });
    expect(corsHeadersOf(reply)).toEqual([]);
    // A cache between must not hand this answer to the origin that may read it, nor the other way round.
    expect(reply.headers.get('vary')).toBe('Origin');
  });
});

describe('the list', () => {
  test.each([
    '*',
    'null',
    'https://*.example.com',
    'http://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://user@app.example.com',
    'app.example.com',
    'https://APP.example.com',
    'https://app.example.com:443',
    'chrome-extension://abc',
    'file://',
    '/example/',
  ])('takes no %s', (origin) => {
    expect(Cors.safeParse({ origins: [origin] }).success).toBe(false);
  });

  test.each([
    'https://app.example.com',
    'https://app.example.com:8443',
    'http://localhost:3000',
    'http://[::1]:80',
  ])('takes %s as browsers write it', (origin) => {
    const written = new URL(origin).origin;
    expect(Cors.parse({ origins: [written] }).origins).toEqual([written]);
  });
});
