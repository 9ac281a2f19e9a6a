import { base64Of } from '@app/protocol';
import { type FakeUpstream, openFakeUpstream, type Script } from '@app/testkit';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const VECTORS = [
  [0.5, -0.25, 1],
  [0, 0.125, -1],
];

/** Plays OpenAI's embeddings. Source: its API reference, "Create embeddings". */
const playsOpenAi: Script = (response, { json }) => {
  const count = Array.isArray(json?.input) ? json.input.length : 1;
  const data = VECTORS.slice(0, count).map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: json?.encoding_format === 'base64' ? base64Of(vector) : vector,
  }));
  const usage = { prompt_tokens: 9, total_tokens: 9 };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data, model: 'embed-1', usage }));
};

/** Plays Gemini's. Source: the Gemini API reference, "Embeddings". */
const playsGemini: Script = (response, { json, path }) => {
  const count = Array.isArray(json?.requests) ? json.requests.length : 1;
  const embeddings = VECTORS.slice(0, count).map((values) => ({ values }));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(path.endsWith(':embedContent') ? { embedding: embeddings[0] } : { embeddings }),
  );
};

describe.each(['openai-chat', 'gemini'] as const)('embeddings by a provider that speaks %s', (dialect) => {
  const isOpenAi = dialect === 'openai-chat';
  let upstream: FakeUpstream;
  let server: TestServer;
  let openai: OpenAI;
  let google: GoogleGenAI;

  beforeAll(async () => {
    upstream = await openFakeUpstream();
    server = await createTestServer({
      providers: [{ id: 'acme', dialect, baseUrl: upstream.url, models: ['embed-1'] }],
      aliases: { mine: ['embed-1'] },
    });
    openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
    google = new GoogleGenAI({ apiKey: testKeys.live, httpOptions: { baseUrl: server.url } });
  });

  afterEach(() => {
    expect(server.defects).toEqual([]);
    for (const request of upstream.requests) {
      expect(JSON.stringify(request)).not.toContain(testKeys.live);
      const credential = isOpenAi ? request.headers.authorization : request.headers['x-goog-api-key'];
      expect(credential).toContain(providerSecret);
    }
    upstream.requests.length = 0;
    server.records.length = 0;
  });

  afterAll(async () => {
    await server.close();
    await upstream.close();
  });

  const plays = () => upstream.play(isOpenAi ? playsOpenAi : playsGemini);

  test('openai: vectors come as numbers although the client asks for base64', async () => {
    plays();
    const reply = await openai.embeddings.create({ model: 'mine', input: ['one', 'two'] });
    expect(reply.data.map(({ embedding }) => [...embedding])).toEqual(VECTORS);
    expect(reply.usage.prompt_tokens).toBeGreaterThan(0);
    const { path, json } = await upstream.received(0);
    expect(path).toBe(isOpenAi ? '/embeddings' : '/models/embed-1:batchEmbedContents');
    if (isOpenAi) expect(json).toMatchObject({ model: 'embed-1', encoding_format: 'base64' });
    else expect(json).toMatchObject({ requests: [{ model: 'models/embed-1' }, { model: 'models/embed-1' }] });
    expect(await server.recorded(0)).toMatchObject({
      route: '/v1/embeddings',
      dialect: 'openai-chat',
      status: 200,
      provider: 'acme',
      model: 'embed-1',
      modelAsked: 'mine',
      usage: { inputFresh: isOpenAi ? 9 : 2 },
      request: expect.stringContaining('"two"'),
      reply: undefined,
    });
  });

  test('openai: numbers when numbers are asked for', async () => {
    plays();
    const reply = await openai.embeddings.create({
      model: 'embed-1',
      input: 'one',
      encoding_format: 'float',
    });
    expect(reply.data[0]?.embedding).toEqual(VECTORS[0]);
  });

  test('google: one content is one vector, and what the target cannot say is a loss', async () => {
    plays();
    const reply = await google.models.embedContent({
      model: 'embed-1',
      contents: ['one', 'two'],
      config: { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 3 },
    });
    expect(reply.embeddings?.map(({ values }) => values)).toEqual(VECTORS);
    const { json } = await upstream.received(0);
    if (isOpenAi) expect(json).toEqual({ model: 'embed-1', input: ['one', 'two'], dimensions: 3 });
    else expect(json).toMatchObject({ requests: [{ taskType: 'RETRIEVAL_QUERY' }, {}] });
    const record = await server.recorded(0);
    expect(record).toMatchObject({ dialect: 'gemini', provider: 'acme', modelAsked: 'embed-1' });
    expect(record.losses.map((loss) => loss.path)).toEqual(isOpenAi ? ['taskType'] : []);
  });

  test('a single content is answered as a single vector', async () => {
    plays();
    const reply = await fetch(`${server.url}/v1beta/models/embed-1:embedContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': testKeys.live, 'content-type': 'application/json' },
      body: JSON.stringify({ content: { parts: [{ text: 'one' }] } }),
    });
    expect(await reply.json()).toMatchObject({ embedding: { values: VECTORS[0] } });
    expect(reply.headers.get('x-tokenrouter-provider')).toBe('acme');
  });

  test('a provider that fails is told of in the caller’s own envelope, without its secrets', async () => {
    upstream.play((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Wrong key ${providerSecret}`, code: 401 } }));
    });
    const error = await openai.embeddings.create({ model: 'embed-1', input: 'one' }).catch((e) => e);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error.status).toBe(502);
    expect(JSON.stringify(error)).not.toContain(providerSecret);
    const refused = await google.models
      .embedContent({ model: 'embed-1', contents: 'one' })
      .catch((e) => String(e));
    expect(refused).toContain('"status":"');
    expect(refused).not.toContain(providerSecret);
  });

  test.each([
    ['is not JSON', '<html>'],
    ['has no vectors', '{"data": [], "embeddings": []}'],
    ['has vectors that are none', '{"data": [{"embedding": ["x"]}], "embeddings": [{"values": [null]}]}'],
  ])('an answer that %s is the provider’s fault', async (_, body) => {
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    // Across dialects a reply is read; within one its bytes go on as they came.
    const asked = isOpenAi
      ? google.models.embedContent({ model: 'embed-1', contents: 'one' }).then(
          () => 0,
          (error) => error.status,
        )
      : openai.embeddings.create({ model: 'embed-1', input: 'one' }).then(
          () => 0,
          (error) => error.status,
        );
    expect(await asked).toBe(502);
    expect(await server.recorded(0)).toMatchObject({ errorCode: 'provider_bad_response' });
  });
});

describe('embeddings', () => {
  let good: FakeUpstream;
  let bad: FakeUpstream;
  let server: TestServer;

  beforeAll(async () => {
    [good, bad] = await Promise.all([openFakeUpstream(playsOpenAi), openFakeUpstream()]);
    server = await createTestServer({
      providers: [
        { id: 'bad', dialect: 'openai-chat', baseUrl: bad.url, models: ['embed-1'] },
        { id: 'good', dialect: 'openai-chat', baseUrl: good.url, models: ['embed-1'] },
      ],
      limits: { bodyBytesMax: 100_000 },
      settings: { replyBytesMax: 100_000, wholeFirstByteMs: 500 },
    });
  });

  afterAll(async () => {
    expect(server.defects).toEqual([]);
    await server.close();
    await Promise.all([good.close(), bad.close()]);
  });

  const ask = (body: object, key: string = testKeys.live) =>
    fetch(`${server.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test.each<[string, Script]>([
    ['says that it is broken', (response) => void response.writeHead(500).end('{}')],
    ['hangs up', (response) => void response.destroy()],
    ['never answers', () => {}],
    [
      'answers without end',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('['.repeat(200_000));
      },
    ],
  ])('another provider answers when the first %s', async (_, script) => {
    server.records.length = 0;
    bad.play(script);
    const reply = await ask({ model: 'embed-1', input: 'one' });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-tokenrouter-attempts')).toBe('2');
    const record = await server.recorded(0);
    expect(record.attempts).toMatchObject([
      { provider: 'bad', outcome: 'failed' },
      { provider: 'good', outcome: 'ok' },
    ]);
    expect(server.records).toHaveLength(1);
  });

  test('numbers in place of base64 are made into base64, as the official client expects', async () => {
    bad.play((response) => {
      const data = [{ object: 'embedding', index: 0, embedding: VECTORS[0] }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data, model: 'embed-1', usage: { prompt_tokens: 2 } }));
    });
    const openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1` });
    const reply = await openai.embeddings.create({ model: 'embed-1', input: 'one' });
    expect([...(reply.data[0]?.embedding ?? [])]).toEqual(VECTORS[0]);
  });

  test('a test key gets vectors of the asked length from the sandbox, and no provider hears of it', async () => {
    const before = good.requests.length + bad.requests.length;
    const openai = new OpenAI({ apiKey: testKeys.sandbox, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const asked = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 32 };
    const [first, again] = [await openai.embeddings.create(asked), await openai.embeddings.create(asked)];
    expect(first.data.map(({ embedding }) => embedding.length)).toEqual([32, 32]);
    expect(again.data).toEqual(first.data);
    const google = new GoogleGenAI({ apiKey: testKeys.sandbox, httpOptions: { baseUrl: server.url } });
    const { embeddings } = await google.models.embedContent({
      model: 'gemini-embedding-001',
      contents: 'one',
    });
    expect(embeddings?.[0]?.values).toHaveLength(3_072);
    const refused = await openai.embeddings.create({ ...asked, model: 'sandbox/429' }).catch((e) => e.status);
    expect(refused).toBe(429);
    expect(good.requests.length + bad.requests.length).toBe(before);
    expect(server.records.at(-1)).toMatchObject({ mode: 'test', cost: { label: 'sandbox', nanos: 0 } });
  });

  test.each<[number, string, object, string?]>([
    [400, 'missing_parameter', { model: 'embed-1' }],
    [400, 'missing_parameter', { input: 'one' }],
    [400, 'invalid_parameter', { model: 'embed-1', input: new Array(2_049).fill('a') }],
    [404, 'model_not_found', { model: 'nothing', input: 'one' }],
    [413, 'body_too_large', { model: 'embed-1', input: 'a'.repeat(200_000) }],
    [401, 'invalid_api_key', { model: 'embed-1', input: 'one' }, 'tr_live_wrong'],
    [403, 'insufficient_permissions', { model: 'embed-1', input: 'one' }, testKeys.noPermission],
    [403, 'key_kind_not_allowed', { model: 'embed-1', input: 'one' }, testKeys.ingest],
  ])('%i %s is told in the envelope of every other call (%#)', async (...[status, code, body, key]) => {
    const reply = await ask(body, key);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ error: { code, http_status: status } });
  });

  test('a key’s limit counts vectors and conversations alike', async () => {
    bad.play(playsOpenAi);
    const [one, two, three] = [
      await ask({ model: 'embed-1', input: 'one' }, testKeys.slow),
      await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${testKeys.slow}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'nothing', messages: [{ role: 'user', content: 'Hi' }] }),
      }),
      await ask({ model: 'embed-1', input: 'one' }, testKeys.slow),
    ];
    expect([one?.status, two?.status, three?.status]).toEqual([200, 404, 429]);
    expect(three?.headers.get('retry-after')).not.toBeNull();
  });

  test('a caller that leaves takes the provider with it, and the record says so', async () => {
    server.records.length = 0;
    bad.requests.length = 0;
    bad.play(() => {});
    const controller = new AbortController();
    const asked = fetch(`${server.url}/v1/embeddings`, {
      method: 'POST',
      signal: controller.signal,
      headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'embed-1', input: 'one' }),
    });
    const request = await bad.received(0);
    controller.abort();
    await expect(asked).rejects.toThrow();
    expect(await request.closed).toBe('aborted');
    expect(await server.recorded(0)).toMatchObject({ status: 499, errorCode: 'client_closed_request' });
  });
});
