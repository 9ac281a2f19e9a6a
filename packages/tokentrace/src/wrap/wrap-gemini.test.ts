import { answersJson, type FakeUpstream, openFakeUpstream, playsGemini } from '@app/testkit';
import { ApiError, GoogleGenAI } from '@google/genai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOf } from '../../test/all-of.ts';
import { createTestTracer, type TestTracer } from '../../test/wrap-tracer.ts';
import { wrapGemini, wrapGeminiModel } from './wrap-gemini.ts';

let upstream: FakeUpstream;
let traced: TestTracer;
let client: GoogleGenAI;

beforeEach(async () => {
  upstream = await openFakeUpstream();
  traced = createTestTracer();
  client = wrapGemini(new GoogleGenAI({ apiKey: 'AIza-test', httpOptions: { baseUrl: upstream.url } }), {
    tracer: traced.tracer,
  });
});
afterEach(() => upstream.close());

const ASK = {
  model: 'gemini-2.5-flash',
  contents: 'Say hello.',
  config: { systemInstruction: 'Be short.', httpOptions: { headers: { 'x-own': 'private' } } },
};
const SAYING = {
  thought: 'Hm.',
  text: 'Hello there',
  tool: { id: '', name: 'weather', input: { city: 'Oslo' } },
};
const PARTS = [
  { text: 'Hm.', thought: true },
  { text: 'Hello there' },
  { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
];

test('content is recorded whole and streamed alike', async () => {
  upstream.play((response, request) => {
    response.setHeader('x-tokenrouter-request-id', 'gw_1');
    return playsGemini(SAYING, { pieceBytes: 50 })(response, request);
  });
  expect((await client.models.generateContent(ASK)).functionCalls?.[0]?.name).toBe('weather');
  const chunks = await allOf(await client.models.generateContentStream(ASK));
  expect(chunks.length).toBeGreaterThan(3);
  const spans = await traced.ended(2);
  for (const span of spans) {
    expect(span).toMatchObject({
      type: 'generation',
      outcome: 'ok',
      provider: 'google',
      model: 'gemini-2.5-flash',
      model_asked: 'gemini-2.5-flash',
      dialect: 'gemini',
      finish_reason: 'STOP',
      gateway_request_id: 'gw_1',
      usage: { input_fresh: 16, input_cache_read: 5, output_text: 7 },
      input: { contents: 'Say hello.', config: { systemInstruction: 'Be short.' } },
      output: { candidates: [{ content: { role: 'model', parts: PARTS } }] },
    });
    expect(JSON.stringify(span)).not.toMatch(/private|AIza/);
  }
  expect(spans.map((span) => [span.name, span.stream, typeof span.ttft_ms])).toEqual([
    ['generateContent', false, 'undefined'],
    ['generateContentStream', true, 'number'],
  ]);
  expect(upstream.requests[0]?.headers).toMatchObject({ 'x-own': 'private' });
  expect(upstream.requests[0]?.headers.traceparent).toContain(spans[0]?.span_id);
});

test('a chat sends through the same client and is recorded, whole and streamed', async () => {
  upstream.play(playsGemini({ text: 'Hello' }));
  const chat = client.chats.create({ model: 'gemini-2.5-flash' });
  expect((await chat.sendMessage({ message: 'One' })).text).toBe('Hello');
  await allOf(await chat.sendMessageStream({ message: 'Two' }));
  expect(chat.getHistory().length).toBeGreaterThan(3);
  const spans = await traced.ended(2);
  expect(spans[1]?.input).toMatchObject({
    contents: [{ role: 'user' }, { role: 'model' }, { role: 'user' }],
  });
});

test('tools that the client calls itself make one span for each request', async () => {
  upstream.play(playsGemini({ tool: SAYING.tool }), playsGemini({ text: 'Cold.' }));
  const tool = async () => ({
    functionDeclarations: [{ name: 'weather' }],
  });
  const reply = await client.models.generateContent({
    ...ASK,
    config: {
      tools: [
        { tool, callTool: async () => [{ functionResponse: { name: 'weather', response: { sky: 'ice' } } }] },
      ],
    },
  });
  expect(reply.text).toBe('Cold.');
  expect(await traced.ended(2)).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
});

test('errors, aborts and streams left early end as what they are', async () => {
  upstream.play(
    answersJson({ error: { code: 429, message: 'Slow down', status: 'RESOURCE_EXHAUSTED' } }, 429),
    () => {},
    playsGemini({ text: 'Hello there' }, { pieceBytes: 60 }),
  );
  await expect(client.models.generateContent(ASK)).rejects.toBeInstanceOf(ApiError);
  const stop = new AbortController();
  const refused = expect(
    client.models.generateContent({ ...ASK, config: { abortSignal: stop.signal } }),
  ).rejects.toThrow();
  await upstream.received(1);
  stop.abort();
  await refused;
  for await (const chunk of await client.models.generateContentStream(ASK)) if (chunk.text) break;
  expect(await traced.ended(3)).toMatchObject([
    { outcome: 'failed', error: { status: 429, code: 'ApiError' } },
    { outcome: 'cancelled' },
    { outcome: 'cancelled', output: { candidates: [{ content: { parts: [{ text: 'Hell' }] } }] } },
  ]);
});

test('embeddings and pictures are recorded without their numbers and bytes', async () => {
  const picture = Buffer.alloc(3_000, 7).toString('base64');
  upstream.play(
    answersJson({ embeddings: [{ values: Array.from({ length: 768 }, () => 0.5) }] }),
    answersJson({ predictions: [{ mimeType: 'image/png', bytesBase64Encoded: picture }] }),
  );
  const vectors = await client.models.embedContent({ model: 'gemini-embedding-001', contents: 'a' });
  expect(vectors.embeddings?.[0]?.values).toHaveLength(768);
  const vertex = wrapGemini(
    new GoogleGenAI({ vertexai: true, apiKey: 'k', httpOptions: { baseUrl: upstream.url } }),
    { tracer: traced.tracer },
  );
  const pictures = await vertex.models.generateImages({ model: 'imagen-4.0', prompt: 'A cat' });
  expect(pictures.generatedImages?.[0]?.image?.imageBytes).toBe(picture);
  expect(traced.spans).toMatchObject([
    { type: 'embedding', model_asked: 'gemini-embedding-001', output: { embeddings: ['[768 numbers]'] } },
    { type: 'image', output: { generatedImages: [{ image: { imageBytes: '[binary, 3000 bytes]' } }] } },
  ]);
});

test('a model of the older package keeps its shape: reply, stream and chat', async () => {
  const reply = {
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
  };
  const answer = async (_question: string) => ({ response: { ...reply, text: () => 'Hello' } });
  const stream = async () => ({
    stream: (async function* () {
      yield reply;
    })(),
    response: Promise.resolve(reply),
  });
  const model = wrapGeminiModel(
    {
      model: 'models/gemini-1.5-pro',
      systemInstruction: 'Be short.',
      generateContent: answer,
      generateContentStream: stream,
      startChat: () => ({ sendMessage: answer, sendMessageStream: stream }),
    },
    { tracer: traced.tracer },
  );
  expect((await model.generateContent('Hi')).response.text()).toBe('Hello');
  expect(await allOf((await model.generateContentStream()).stream)).toEqual([reply]);
  expect((await model.startChat().sendMessage('Hi')).response.text()).toBe('Hello');
  const spans = await traced.ended(3);
  for (const span of spans)
    expect(span).toMatchObject({
      model_asked: 'gemini-1.5-pro',
      usage: { input_fresh: 4, output_text: 2 },
      input: { systemInstruction: 'Be short.' },
    });
});

test('the client stays itself and is traced once however often it is wrapped', async () => {
  upstream.play(playsGemini({ text: 'Hello' }));
  const again: GoogleGenAI = wrapGemini(client, { tracer: traced.tracer });
  expect(again).toBe(client);
  expect(again).toBeInstanceOf(GoogleGenAI);
  await again.models.generateContent(ASK);
  expect(traced.spans).toHaveLength(1);
});
