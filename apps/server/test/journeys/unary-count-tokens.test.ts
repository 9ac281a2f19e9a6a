import Anthropic from '@anthropic-ai/sdk';
import type { DialectId } from '@app/protocol';
import { type FakeUpstream, openFakeUpstream, type Script } from '@app/testkit';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const TEXT = 'How many tokens are these?';

/** Plays each provider's count. Sources: Anthropic's, Google's and OpenAI's API references. */
const counts: Script = (response, { path }) => {
  const known =
    path === '/messages/count_tokens' || path === '/responses/input_tokens'
      ? { input_tokens: 42 }
      : { totalTokens: 42 };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known));
};

const servers: { server: TestServer; upstream: FakeUpstream }[] = [];
afterAll(async () => {
  for (const { server, upstream } of servers) {
    expect(server.defects).toEqual([]);
    await Promise.all([server.close(), upstream.close()]);
  }
});

type Provider = { id: string; dialect: DialectId };

const PATHS: { [id: string]: string } = {
  claude: '/messages/count_tokens',
  goog: '/models/the-model:countTokens',
  openai: '/responses/input_tokens',
};

describe.each<Provider>([
  { id: 'claude', dialect: 'anthropic-messages' },
  { id: 'goog', dialect: 'gemini' },
  { id: 'openai', dialect: 'openai-chat' },
  { id: 'stranger', dialect: 'openai-chat' },
])('tokens for a model of $id, which speaks $dialect', ({ id, dialect }) => {
  const isAsked = id !== 'stranger';
  let upstream: FakeUpstream;
  let server: TestServer;
  let clients: { [name: string]: (key?: string) => Promise<unknown> };

  beforeEach(async () => {
    upstream = await openFakeUpstream(counts);
    server = await createTestServer({
      providers: [{ id, dialect, baseUrl: upstream.url, models: ['the-model'] }],
    });
    servers.push({ server, upstream });
    clients = {
      anthropic: async (apiKey = testKeys.live) => {
        const client = new Anthropic({ apiKey, baseURL: server.url, maxRetries: 0 });
        const messages = [{ role: 'user' as const, content: TEXT }];
        return (await client.messages.countTokens({ model: 'the-model', system: 'Brief.', messages }))
          .input_tokens;
      },
      google: async (apiKey = testKeys.live) => {
        const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } });
        return (await client.models.countTokens({ model: 'the-model', contents: TEXT })).totalTokens;
      },
      openai: async (apiKey = testKeys.live) => {
        const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
        return (await client.responses.inputTokens.count({ model: 'the-model', input: TEXT })).input_tokens;
      },
    };
  });

  test.each(['anthropic', 'google', 'openai'])(
    'the official client of %s is told the provider’s count, or ours where it has none',
    async (name) => {
      const tokens = await clients[name]?.();
      if (isAsked) {
        expect(tokens).toBe(42);
        const request = await upstream.received(0);
        expect(request.path).toBe(PATHS[id]);
        expect(request.body).toContain(TEXT);
        expect(JSON.stringify(request.headers)).toContain(providerSecret);
        expect(request.json).not.toHaveProperty('max_tokens');
        expect(request.json).not.toHaveProperty('stream');
      } else {
        expect(tokens).toBeGreaterThan(5);
        expect(upstream.requests).toEqual([]);
      }
      expect(await server.recorded(0)).toMatchObject({
        status: 200,
        modelAsked: 'the-model',
        usage: {},
        cost: { nanos: 0, label: 'exact' },
      });
    },
  );

  test('a test key gets our count, and no provider hears of it', async () => {
    expect(await clients.anthropic?.(testKeys.sandbox)).toBeGreaterThan(5);
    expect(upstream.requests).toEqual([]);
  });
});

describe('a count that is ours', () => {
  let upstream: FakeUpstream;
  let server: TestServer;

  beforeEach(async () => {
    upstream = await openFakeUpstream();
    server = await createTestServer({
      providers: [
        { id: 'claude', dialect: 'anthropic-messages', baseUrl: upstream.url, models: ['the-model'] },
      ],
    });
    servers.push({ server, upstream });
  });

  const ask = (body: object) =>
    fetch(`${server.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'x-api-key': testKeys.live, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const body = { model: 'the-model', messages: [{ role: 'user', content: TEXT }] };

  test.each([404, 500, 401])('says so when the provider answers %i', async (status) => {
    upstream.play((response) => void response.writeHead(status).end('{}'));
    const reply = await ask(body);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-tokenrouter-estimated')).toBe('true');
    expect(await reply.json()).toMatchObject({ input_tokens: expect.any(Number), estimated: true });
    expect((await server.recorded(0)).attempts).toMatchObject([{ outcome: 'failed', status }]);
  });

  test('is not given for a call that the provider refuses, or that is none', async () => {
    upstream.play((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: 'No.' } }),
      );
    });
    expect((await ask(body)).status).toBe(400);
    expect((await ask({ model: 'the-model' })).status).toBe(400);
    const unknown = await ask({ ...body, model: 'nothing' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ type: 'error' });
  });
});
