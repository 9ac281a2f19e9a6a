import { type FakeUpstream, playsResponses } from '@app/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient108 } from '../clients/client-1-0-8.ts';
import { makeEnvelope } from '../make-envelope.ts';
import { type InlineServer, type OperatorRow, openInlineServer, operatorKey } from '../open-inline-server.ts';
import { testKeys } from '../test-keys.ts';

const theirs = 'sk-canary-of-the-caller';
const anthropicTheirs = 'sk-ant-canary-of-the-caller';

let open: InlineServer;
afterEach(async () => {
  expect(open.server.defects).toEqual([]);
  expect(JSON.stringify(open.server.records)).not.toContain('canary');
  await open.close();
});

/** A client with keys for both providers in its environment. */
function client(
  changes: { apiKey?: string; providerKeys?: { [provider: string]: string }; maxRetries?: number } = {},
) {
  const providerKeys = { openai: theirs, anthropic: anthropicTheirs };
  return createClient108({ baseUrl: open.server.url, apiKey: testKeys.live, providerKeys, ...changes });
}

const messages = [{ role: 'user', content: 'Hello' }];

/** The credentials that came to a provider. */
function credentials({ requests }: FakeUpstream): unknown[] {
  return requests.map(({ headers }) => headers.authorization ?? headers['x-api-key']);
}

async function send(path: string, body: object, headers: { [name: string]: string } = {}) {
  const response = await fetch(open.server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

type Published = { public_key_pem: string; expires_at: string };

async function publicKey(): Promise<Published> {
  const body: unknown = await (await fetch(`${open.server.url}/.well-known/tr-public-key`)).json();
  return body as Published;
}

async function envelope(keys: object = { openai: theirs, anthropic: anthropicTheirs }) {
  return { 'x-tr-provider-keys': makeEnvelope((await publicKey()).public_key_pem, keys) };
}

describe('where the operator has no provider', () => {
  beforeEach(async () => {
    open = await openInlineServer();
  });

  test('the public key is published for everybody, in the form that older clients read and with what newer ones need', async () => {
    const reply = await fetch(`${open.server.url}/.well-known/tr-public-key`);
    const body = await publicKey();
    expect(reply.status).toBe(200);
    expect(body.public_key_pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(body).toMatchObject({ kid: 'ik_1', alg: 'RSA-OAEP-256', enc: 'A256GCM', keys: [{ kid: 'ik_1' }] });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now());
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
  });

  test.each(['inline', 'mixed', 'auto', undefined] as const)(
    'the older client’s own keys answer in mode %s',
    async (key_mode) => {
      const asked = { messages, ...(key_mode && { key_mode }) };
      expect(await client().create({ ...asked, model: 'gpt-4o' })).toMatchObject({
        routed_provider: 'openai',
        choices: [{ message: { content: 'Hello from OpenAI.' } }],
      });
      expect(await client().chat.create({ ...asked, model: 'claude-sonnet-4-5' })).toMatchObject({
        routed_provider: 'anthropic',
      });
      expect(credentials(open.openai)).toEqual([`Bearer ${theirs}`]);
      expect(credentials(open.anthropic)).toEqual([anthropicTheirs]);
      for (const { body } of [...open.openai.requests, ...open.anthropic.requests]) {
        expect(body).not.toContain('key_mode');
        expect(body).not.toContain('canary');
      }
    },
  );

  test('streams are answered with them too', async () => {
    const pieces: object[] = [];
    for await (const piece of await client().stream({ messages, model: 'gpt-4o', key_mode: 'inline' }))
      pieces.push(piece);
    const text = JSON.stringify(pieces).matchAll(/"content":"([^"]*)"/g);
    expect([...text].map(([, piece]) => piece).join('')).toBe('Hello from OpenAI.');
    expect(credentials(open.openai)).toEqual([`Bearer ${theirs}`]);
  });

  test('every other dialect is, and what is no conversation', async () => {
    const headers = await envelope();
    open.openai.play(playsResponses({ text: 'Hello.' }));
    const say = { model: 'claude-sonnet-4-5', max_tokens: 9, messages };
    expect((await send('/v1/messages', say, headers)).status).toBe(200);
    expect(
      (await send('/v1/responses', { model: 'gpt-4o', input: 'Hello', store: false }, headers)).status,
    ).toBe(200);
    expect(credentials(open.openai)).toEqual([`Bearer ${theirs}`]);
    open.openai.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}',
      );
    });
    const embed = { model: 'text-embedding-3-small', input: 'Hello', key_mode: 'inline' };
    expect((await send('/v1/embeddings', embed, headers)).status).toBe(200);
    expect(new Set([...credentials(open.openai)])).toEqual(new Set([`Bearer ${theirs}`]));
    expect(open.openai.requests.at(-1)?.json).not.toHaveProperty('key_mode');
    expect(credentials(open.anthropic)).toEqual([anthropicTheirs]);
  });

  test('a call without a model is told to name one', async () => {
    await expect(client().create({ messages, key_mode: 'inline' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      message: expect.stringContaining('name a model'),
    });
  });

  test('without a key that fits there is nobody, and the older client shows why', async () => {
    const bare = client({ providerKeys: { mistral: theirs } });
    await expect(bare.create({ messages, model: 'gpt-4o' })).rejects.toMatchObject({
      message: expect.stringContaining('gpt-4o'),
    });
    const none = client({ providerKeys: {} });
    await expect(none.create({ messages, model: 'gpt-4o', key_mode: 'inline' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      message: expect.stringContaining('X-TR-Provider-Keys is missing'),
    });
    await expect(
      none.create({ messages, model: 'gpt-4o', key_mode: 'theirs' as 'auto' }),
    ).rejects.toMatchObject({
      name: 'InvalidRequestError',
    });
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['another algorithm', Buffer.from('{"alg":"none"}').toString('base64url')],
  ])('%s in the header is refused, counted and recorded, in the caller’s dialect', async (_what, value) => {
    const headers = { 'x-tr-provider-keys': value };
    const chat = await send('/v1/chat/completions', { model: 'gpt-4o', messages }, headers);
    expect(chat.status).toBe(400);
    expect(JSON.parse(chat.text)).toMatchObject({
      error: { code: 'invalid_parameter', param: 'x-tr-provider-keys' },
    });
    const said = await send('/v1/messages', { model: 'm', max_tokens: 9, messages }, headers);
    expect(JSON.parse(said.text)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    expect((await open.server.recorded(1)).status).toBe(400);
  });

  test('who has no API key opens nothing', async () => {
    const headers = { ...(await envelope()), authorization: 'Bearer tr_live_nobody' };
    expect((await send('/v1/chat/completions', { model: 'gpt-4o', messages }, headers)).status).toBe(401);
    expect(open.openai.requests).toEqual([]);
  });

  test('a test key’s are ignored, which is said', async () => {
    const headers = { ...(await envelope()), authorization: `Bearer ${testKeys.sandbox}` };
    const reply = await send('/v1/chat/completions', { model: 'gpt-4o', messages }, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-tokenrouter-warnings')).toContain('X-TR-Provider-Keys was ignored');
    expect(JSON.parse(reply.text).tokenrouter.warnings).toEqual([
      expect.stringContaining('the sandbox answers'),
    ]);
    expect(open.openai.requests).toEqual([]);
  });

  test('a key that the provider refuses is told as the provider’s refusal, without the key', async () => {
    open.openai.play((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        `{"error":{"message":"Incorrect API key provided: ${theirs}","type":"invalid_request_error"}}`,
      );
    });
    const reply = await send('/v1/chat/completions', { model: 'gpt-4o', messages }, await envelope());
    expect(reply.status).toBeGreaterThan(399);
    expect(reply.text).not.toContain('canary');
  });
});

describe('where the operator has providers', () => {
  const start = async (...rows: OperatorRow[]) => {
    open = await openInlineServer(rows);
  };

  test('mixed keys come from both sides, and stored ones leave the header alone and say so', async () => {
    await start({ id: 'openai', models: ['gpt-4o'] }, { id: 'anthropic', models: ['claude-sonnet-4-5'] });
    const headers = await envelope({ anthropic: anthropicTheirs });
    const ask = (model: string, key_mode: string) =>
      send('/v1/chat/completions', { model, messages, key_mode }, headers);
    for (const model of ['gpt-4o', 'claude-sonnet-4-5']) expect((await ask(model, 'mixed')).status).toBe(200);
    expect(credentials(open.openai)).toEqual([`Bearer ${operatorKey}`]);
    expect(credentials(open.anthropic)).toEqual([anthropicTheirs]);
    const stored = await ask('claude-sonnet-4-5', 'stored');
    expect(credentials(open.anthropic)).toEqual([anthropicTheirs, operatorKey]);
    expect(stored.headers.get('x-tokenrouter-warnings')).toContain('key_mode is stored');
    expect(await ask('gpt-4o', 'inline')).toMatchObject({ status: 400 });
    expect(open.openai.requests).toHaveLength(1);
  });

  test('a provider that the operator moved elsewhere never gets the caller’s key, and is not gone around', async () => {
    await start({ id: 'openai', at: 'proxy', models: ['gpt-4o'] });
    const inline = await send('/route', { model: 'gpt-4o', messages, key_mode: 'inline' }, await envelope());
    expect(inline.status).toBe(400);
    expect(inline.text).toContain('X-TR-Provider-Keys');
    const mixed = await send('/route', { model: 'gpt-4o', messages, key_mode: 'mixed' }, await envelope());
    expect(mixed.status).toBe(200);
    expect(credentials(open.proxy)).toEqual([`Bearer ${operatorKey}`]);
    expect(open.openai.requests).toEqual([]);
  });

  test('the caller’s key comes before others who serve the model', async () => {
    await start(
      { id: 'openai', at: 'proxy', models: ['claude-sonnet-4-5'] },
      { id: 'anthropic', models: ['claude-sonnet-4-5'] },
    );
    const reply = await send(
      '/v1/chat/completions',
      { model: 'claude-sonnet-4-5', messages },
      await envelope(),
    );
    expect(reply.headers.get('x-tokenrouter-provider')).toBe('anthropic');
    expect(credentials(open.anthropic)).toEqual([anthropicTheirs]);
  });
});
