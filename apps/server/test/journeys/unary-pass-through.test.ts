import { type FakeUpstream, openFakeUpstream, type Script } from '@app/testkit';
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestServer, providerSecret, type TestServer } from '../create-test-server.ts';
import { openRawSocket } from '../raw-socket.ts';
import { testKeys } from '../test-keys.ts';

const answersJson =
  (body: object, status = 200): Script =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

describe('what is passed through', () => {
  let upstream: FakeUpstream;
  let server: TestServer;
  let openai: OpenAI;

  beforeAll(async () => {
    upstream = await openFakeUpstream();
    server = await createTestServer({
      providers: [{ id: 'openai', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
      aliases: { painter: ['openai/gpt-image-1'], ears: ['openai/whisper-1'] },
      limits: { uploadBytesMax: 300_000, bodyBytesMax: 100_000 },
    });
    openai = new OpenAI({ apiKey: testKeys.live, baseURL: `${server.url}/v1`, maxRetries: 0 });
  });

  afterEach(() => {
    expect(server.defects).toEqual([]);
    for (const request of upstream.requests) {
      expect(request.headers.authorization).toBe(`Bearer ${providerSecret}`);
      expect(JSON.stringify(request)).not.toContain(testKeys.live);
    }
    upstream.requests.length = 0;
    server.records.length = 0;
  });

  afterAll(async () => {
    await server.close();
    await upstream.close();
  });

  const sound = (name = 'a.mp3') => toFile(Buffer.from('ID3 sound'), name, { type: 'audio/mpeg' });

  test('an image is made under the provider’s name of the model, and its tokens are priced', async () => {
    const usage = {
      input_tokens: 50,
      input_tokens_details: { text_tokens: 40, image_tokens: 10 },
      output_tokens: 100,
      total_tokens: 150,
    };
    upstream.play(answersJson({ created: 1, data: [{ b64_json: 'AAAA' }], usage }));
    const reply = await openai.images.generate({ model: 'painter', prompt: 'A boat', n: 1 });
    expect(reply.data?.[0]?.b64_json).toBe('AAAA');
    const { path, json } = await upstream.received(0);
    expect(path).toBe('/images/generations');
    expect(json).toEqual({ model: 'gpt-image-1', prompt: 'A boat', n: 1 });
    const record = await server.recorded(0);
    expect(record).toMatchObject({
      route: '/v1/images/generations',
      dialect: 'openai-chat',
      modelAsked: 'painter',
      usage: { inputFresh: 40, inputImage: 10, outputImage: 100 },
      // The table's price of output stands for pictures too.
      cost: { label: 'estimated' },
    });
    expect(record.cost.nanos).toBe(40 * 5_000 + 10 * 10_000 + 100 * 40_000);
  });

  test('usage at the end of an answer that is too long to read is found all the same', async () => {
    const data = [{ b64_json: 'A'.repeat(3_000_000), revised_prompt: 'says "usage": {"input_tokens": 1}' }];
    upstream.play(answersJson({ created: 1, data, usage: { input_tokens: 7, output_tokens: 9 } }));
    const reply = await openai.images.generate({ model: 'gpt-image-1', prompt: 'A boat' });
    expect(reply.data?.[0]?.b64_json).toHaveLength(3_000_000);
    expect(await server.recorded(0)).toMatchObject({
      usage: { inputFresh: 7, outputImage: 9 },
      reply: undefined,
    });
  });

  test('a picture is changed by a form, whose file arrives byte for byte', async () => {
    upstream.play(answersJson({ created: 1, data: [{ b64_json: 'AAAA' }] }));
    const image = await toFile(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 13, 10, 0x2d, 0x2d]), 'a.png', {
      type: 'image/png',
    });
    await openai.images.edit({ model: 'painter', image, prompt: 'A boat' });
    const { path, body, headers } = await upstream.received(0);
    expect(path).toBe('/images/edits');
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=[0-9a-f]{64}$/);
    expect(body).toContain('name="model"\r\n\r\ngpt-image-1\r\n');
    expect(body).toContain('filename="a.png"\r\nContent-Type: image/png\r\n');
    expect(await server.recorded(0)).toMatchObject({ cost: { label: 'unknown' }, request: undefined });
  });

  test('speech is streamed as it comes, and never kept', async () => {
    const bytes = Buffer.from([0xff, 0xfb, 0x00, 0x80, 0xfe]);
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(bytes.subarray(0, 2));
      response.end(bytes.subarray(2));
    });
    const reply = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes);
    expect(reply.headers.get('content-type')).toBe('audio/mpeg');
    expect(await server.recorded(0)).toMatchObject({ reply: undefined, cost: { label: 'unknown' } });
  });

  test('speech as events says at its end what it used', async () => {
    const events = [
      { type: 'speech.audio.delta', audio: 'AAAA' },
      { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 } },
    ];
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    });
    const asked = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Hello', stream_format: 'sse' } as const;
    const text = await (await openai.audio.speech.create(asked)).text();
    expect(text).toContain('speech.audio.done');
    expect(await server.recorded(0)).toMatchObject({
      stream: true,
      usage: { inputFresh: 14, outputAudio: 101 },
    });
  });

  test('events that break off never end like those that are complete', async () => {
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"type":"transcript.text.delta","delta":"Hel"}\n\n', () => response.destroy());
    });
    const stream = await openai.audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: await sound(),
      stream: true,
    });
    const seen: string[] = [];
    const failed = await (async () => {
      for await (const event of stream) seen.push(event.type);
    })().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failed).toBeDefined();
    expect(seen).toEqual(['transcript.text.delta']);
    expect(await server.recorded(0)).toMatchObject({ status: 200, errorCode: 'provider_failed' });
  });

  test('a transcription is priced by its seconds where that is what is billed', async () => {
    upstream.play(answersJson({ text: 'Hello', usage: { type: 'duration', seconds: 9 } }));
    const reply = await openai.audio.transcriptions.create({ model: 'ears', file: await sound() });
    expect(reply.text).toBe('Hello');
    const record = await server.recorded(0);
    // 0.36 USD an hour.
    expect(record.cost).toMatchObject({ nanos: 900_000, label: 'exact' });
    expect(record.reply?.parts).toMatchObject([{ kind: 'text', text: expect.stringContaining('Hello') }]);
  });

  test('a transcription by tokens is priced by them', async () => {
    const usage = {
      type: 'tokens',
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 45,
      total_tokens: 59,
    };
    upstream.play(answersJson({ text: 'Hello', usage }));
    await openai.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await sound() });
    expect(await server.recorded(0)).toMatchObject({ usage: { inputAudio: 14, outputText: 45 } });
  });

  test('subtitles come as text', async () => {
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('1\n00:00 --> 00:01\nHello\n');
    });
    const asked = { model: 'whisper-1', file: await sound(), response_format: 'srt' } as const;
    expect(await openai.audio.translations.create(asked)).toContain('00:00 --> 00:01');
    expect((await upstream.received(0)).path).toBe('/audio/translations');
  });

  test('a file’s name adds no header and no part to what the provider gets', async () => {
    upstream.play(answersJson({ text: 'Hello' }));
    const body = [
      '--b',
      'Content-Disposition: form-data; name="model"',
      '',
      'whisper-1',
      '--b',
      'Content-Disposition: form-data; name="file"; filename="a\\"%0d%0aX-Evil: 1.mp3"',
      'Content-Type: audio/mpeg',
      'X-Evil: 2',
      '',
      'sound',
      '--b--',
      '',
    ].join('\r\n');
    const reply = await fetch(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${testKeys.live}`,
        'content-type': 'multipart/form-data; boundary=b',
        'x-forwarded-for': '1.2.3.4',
        cookie: 'a=b',
      },
      body,
    });
    expect(reply.status).toBe(200);
    const got = await upstream.received(0);
    expect(got.body).not.toMatch(/^X-Evil/m);
    expect(got.headers).not.toHaveProperty('x-forwarded-for');
    expect(got.headers).not.toHaveProperty('cookie');
  });

  test('moderation needs no model and costs nothing where it is free', async () => {
    upstream.play(answersJson({ id: 'modr-1', model: 'omni-moderation-latest', results: [] }));
    expect((await openai.moderations.create({ input: 'Hello' })).id).toBe('modr-1');
    expect((await upstream.received(0)).json).toEqual({ input: 'Hello' });
    expect(await server.recorded(0)).toMatchObject({ cost: { nanos: 0, label: 'exact' } });
  });

  test('what a provider refuses is told with its own status and words, and who spoke', async () => {
    upstream.play(
      answersJson({ error: { message: 'The voice is unknown.', type: 'x', param: 'voice' } }, 400),
    );
    const error = await openai.audio.speech
      .create({ model: 'tts-1', voice: 'nobody', input: 'Hello' })
      .catch((e) => e);
    expect(error.status).toBe(400);
    expect(error.error).toMatchObject({ provider: 'openai', http_status: 400 });
  });

  test('a page where an answer should be is not passed on', async () => {
    upstream.play((response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>');
    });
    const error = await openai.moderations.create({ input: 'x' }).catch((e) => e);
    expect([error.status, error.code]).toEqual([502, 'provider_bad_response']);
  });

  const post = (path: string, init: RequestInit, key: string = testKeys.live) =>
    fetch(`${server.url}${path}`, {
      ...init,
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, ...init.headers },
    });
  const json = (body: object): RequestInit => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const form = (text: string): RequestInit => ({
    body: text,
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  });

  test.each<[number, string, string, RequestInit]>([
    [415, 'unsupported_media_type', '/v1/audio/transcriptions', json({ model: 'whisper-1' })],
    [415, 'unsupported_media_type', '/v1/images/generations', form('--b--')],
    [400, 'invalid_parameter', '/v1/audio/transcriptions', form('--b\r\nrubbish')],
    [400, 'missing_parameter', '/v1/audio/transcriptions', form('--b--')],
    [413, 'body_too_large', '/v1/audio/transcriptions', form('a'.repeat(400_000))],
    [404, 'model_not_found', '/v1/images/generations', json({ model: 'nothing', prompt: 'x' })],
    [404, 'model_not_found', '/v1/audio/speech', json({ model: 'nothing', input: 'x' })],
    [404, 'not_found', '/v1/rerank', json({ query: 'x', documents: [] })],
    [400, 'invalid_parameter', '/v1/rerank', json({ model: { a: 1 } })],
    [400, 'invalid_json', '/v1/moderations', { ...json({}), body: '{' }],
  ])('%i %s at %s', async (...[status, code, path, init]) => {
    const reply = await post(path, init);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ error: { code } });
    expect(upstream.requests).toEqual([]);
    expect(await server.recorded(0)).toMatchObject({ status, errorCode: code });
  });

  test.each([
    ['/v1/images/generations', json({ model: 'gpt-image-1', prompt: 'x' })],
    ['/v1/audio/speech', json({ model: 'tts-1', input: 'x' })],
    ['/v1/moderations', json({ input: 'x' })],
    ['/v2/rerank', json({ model: 'rerank-v3.5', query: 'x', documents: [] })],
    [
      '/v1/audio/transcriptions',
      form('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--'),
    ],
  ])('a test key reaches nobody at %s', async (path, init) => {
    const reply = await post(path, init, testKeys.sandbox);
    expect(reply.status).toBe(501);
    expect(await reply.json()).toMatchObject({ error: { code: 'sandbox_unsupported' } });
    expect(upstream.requests).toEqual([]);
  });

  test('a form that never ends is given up when its time is over, and holds no memory of others’', async () => {
    const slow = await createTestServer({ limits: { requestTimeoutMs: 300, checkEveryMs: 50 } });
    const socket = openRawSocket(slow.url);
    socket.send(
      `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${testKeys.live}\r\n` +
        'content-type: multipart/form-data; boundary=b\r\ncontent-length: 9999\r\n\r\n--b\r\n',
    );
    expect((await socket.closed).status).toBe(408);
    await slow.close();
  });
});

describe('ranking', () => {
  test('goes to Cohere’s own address beside the compatible one, in Cohere’s own words', async () => {
    const upstream = await openFakeUpstream((response) => {
      const meta = { billed_units: { search_units: 1 }, tokens: { input_tokens: 21 } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'x', results: [{ index: 0, relevance_score: 0.9 }], meta }));
    });
    const baseUrl = `${upstream.url}/compatibility/v1`;
    const server = await createTestServer({
      providers: [{ id: 'cohere', dialect: 'openai-chat', baseUrl, models: [] }],
    });
    const reply = await fetch(`${server.url}/v2/rerank`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'rerank-v3.5', query: 'x', documents: ['a'], top_n: 1 }),
    });
    expect(await reply.json()).toMatchObject({ results: [{ index: 0 }] });
    const { path, json } = await upstream.received(0);
    expect([path, json?.model, json?.top_n]).toEqual(['/v2/rerank', 'rerank-v3.5', 1]);
    expect(await server.recorded(0)).toMatchObject({ usage: { inputFresh: 21 } });
    await Promise.all([server.close(), upstream.close()]);
  });
});

test('forms of many connections share one bound, apart from everybody’s conversations', async () => {
  const upstream = await openFakeUpstream(() => {});
  const server = await createTestServer({
    providers: [{ id: 'openai', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
    limits: { uploadBytesMax: 100_000, bodyBytesMax: 100_000, bodiesBytesMax: 1 },
  });
  const controller = new AbortController();
  const upload = () => {
    const body = new FormData();
    body.set('model', 'whisper-1');
    body.set('file', new Blob(['x'.repeat(80_000)]), 'a.mp3');
    const headers = { authorization: `Bearer ${testKeys.live}` };
    const { signal } = controller;
    return fetch(`${server.url}/v1/audio/transcriptions`, { method: 'POST', headers, body, signal });
  };
  // Half of four times the largest form is one form, read and written anew.
  const first = upload().catch(() => undefined);
  await upstream.received(0);
  const second = await upload();
  expect(second.status).toBe(503);
  expect(await second.json()).toMatchObject({ error: { code: 'overloaded' } });
  controller.abort();
  await first;
  await server.recorded(1);
  upstream.play(answersJson({ text: 'Hello' }));
  const headers = { authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' };
  const moderation = await fetch(`${server.url}/v1/moderations`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ input: 'x' }),
  });
  expect(moderation.status).toBe(200);
  await Promise.all([server.close(), upstream.close()]);
});
