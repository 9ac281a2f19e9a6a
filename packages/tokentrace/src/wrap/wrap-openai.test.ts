import { setTimeout as wait } from 'node:timers/promises';
import {
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsOpenAi,
  playsResponses,
  streamsText,
} from '@app/testkit';
import OpenAI, { APIUserAbortError, AzureOpenAI, RateLimitError, toFile } from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOf } from '../../test/all-of.ts';
import { createTestTracer, type TestTracer } from '../../test/wrap-tracer.ts';
import { wrapOpenAI } from './wrap-openai.ts';

let upstream: FakeUpstream;
let traced: TestTracer;
let client: OpenAI;

beforeEach(async () => {
  upstream = await openFakeUpstream();
  traced = createTestTracer();
  client = wrapOpenAI(new OpenAI({ apiKey: 'sk-test', baseURL: `${upstream.url}/v1`, maxRetries: 0 }), {
    tracer: traced.tracer,
  });
});
afterEach(() => upstream.close());

const ASK = {
  model: 'gpt-4o',
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Say hello.' },
  ],
} satisfies OpenAI.ChatCompletionCreateParamsNonStreaming;
const TOOL = { id: 'call_1', name: 'weather', input: { city: 'Oslo' } };

test('a whole chat completion is recorded with its request, reply, tokens and ids', async () => {
  upstream.play((response, request) => {
    response.setHeader('x-request-id', 'req_7');
    response.setHeader('x-tokenrouter-request-id', 'gw_9');
    return playsOpenAi({ text: 'Hello there', tool: TOOL })(response, request);
  });
  const reply = await client.chat.completions.create(ASK);
  expect(reply.choices[0]?.message.content).toBe('Hello there');
  expect(reply._request_id).toBe('req_7');
  expect(traced.spans).toMatchObject([
    {
      type: 'generation',
      name: 'chat.completions',
      outcome: 'ok',
      provider: 'openai',
      model: 'gpt-4o-2024-08-06',
      model_asked: 'gpt-4o',
      stream: false,
      dialect: 'openai-chat',
      finish_reason: 'tool_calls',
      request_id: 'req_7',
      gateway_request_id: 'gw_9',
      usage: { input_fresh: 16, input_cache_read: 5, output_text: 7 },
      input: ASK,
      output: { choices: [{ message: { tool_calls: [{ function: { name: 'weather' } }] } }] },
    },
  ]);
  expect(JSON.stringify(traced.spans)).not.toContain('sk-test');
});

test('a stream is put together as the whole reply would be, with the time to its first piece', async () => {
  upstream.play(playsOpenAi({ thought: 'Hm.', text: 'Hello there', tool: TOOL }, { pieceBytes: 40 }));
  const stream = await client.chat.completions.create({
    ...ASK,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe('Hello there');
  const [span] = await traced.ended(1);
  expect(span).toMatchObject({
    outcome: 'ok',
    stream: true,
    service_tier: 'default',
    finish_reason: 'tool_calls',
    usage: { input_fresh: 16, input_cache_read: 5, output_text: 7 },
    output: {
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello there',
            reasoning_content: 'Hm.',
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    },
  });
  expect(span?.ttft_ms).toBeGreaterThanOrEqual(0);
  expect(span?.ttft_ms).toBeLessThanOrEqual((span?.end_ms ?? 0) - (span?.start_ms ?? 0));
});

test('figures of a stream are asked for and hidden only where the app said so', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const asking = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), {
    tracer: traced.tracer,
    streamUsage: true,
  });
  const chunks = await allOf(await asking.chat.completions.create({ ...ASK, stream: true }));
  expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
  expect(traced.spans[0]?.usage).toEqual({
    input_fresh: 16,
    input_cache_read: 5,
    output_text: 7,
    input_audio: 0,
    output_audio: 0,
    output_thinking: 0,
  });
  await allOf(await client.chat.completions.create({ ...ASK, stream: true }));
  expect(upstream.requests[1]?.json).not.toHaveProperty('stream_options');
  expect(traced.spans[1]?.usage).toBeUndefined();
});

test('.withResponse() gives the data and the response of one request, and one span', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const { data, response, request_id } = await client.chat.completions.create(ASK).withResponse();
  expect(data.choices[0]?.message.content).toBe('Hello');
  expect(response.status).toBe(200);
  expect(request_id).toBeNull();
  const streamed = await client.chat.completions.create({ ...ASK, stream: true }).withResponse();
  expect((await allOf(streamed.data)).length).toBeGreaterThan(1);
  expect(traced.spans.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(upstream.requests).toHaveLength(2);
});

test('.asResponse() gives a response whose body the app reads, and what it read is recorded', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const whole = await client.chat.completions.create(ASK).asResponse();
  expect(whole).toBeInstanceOf(Response);
  expect(whole.url).toContain('/v1/chat/completions');
  expect(await whole.json()).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
  const streamed = await client.chat.completions.create({ ...ASK, stream: true }).asResponse();
  expect(await streamed.text()).toContain('data: [DONE]');
  const dropped = await client.chat.completions.create({ ...ASK, stream: true }).asResponse();
  await dropped.body?.cancel();
  const spans = await traced.ended(3);
  expect(spans).toMatchObject([
    { outcome: 'ok', usage: { output_text: 7 } },
    { outcome: 'ok', output: { choices: [{ message: { content: 'Hello' } }] } },
    { outcome: 'cancelled' },
  ]);
});

test('the response and then the data can be had from one promise', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const promise = client.chat.completions.create(ASK);
  expect((await promise.asResponse()).headers.get('content-type')).toContain('json');
  expect((await promise).choices[0]?.message.content).toBe('Hello');
  expect(await traced.ended(1)).toMatchObject([{ outcome: 'ok', model: 'gpt-4o-2024-08-06' }]);
});

test('.parse(), .stream() and runTools() of chat completions are calls like any other', async () => {
  upstream.play(
    playsOpenAi({ text: '{"a":1}' }),
    playsOpenAi({ text: 'Hello' }),
    playsOpenAi({ tool: TOOL }),
    playsOpenAi({ text: 'Cold.' }),
  );
  const parsed = await client.chat.completions.parse({
    ...ASK,
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
  });
  expect(parsed.choices[0]?.message.content).toBe('{"a":1}');
  expect(await client.chat.completions.stream({ ...ASK, stream: true }).finalContent()).toBe('Hello');
  const runner = client.chat.completions.runTools({
    ...ASK,
    tools: [
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'Tells it.',
          parameters: {},
          parse: JSON.parse,
          function: () => 'ice',
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe('Cold.');
  expect(await traced.ended(4)).toMatchObject([
    { outcome: 'ok', stream: false },
    { outcome: 'ok', stream: true },
    { outcome: 'ok', finish_reason: 'tool_calls' },
    { outcome: 'ok', finish_reason: 'stop' },
  ]);
});

test('responses are recorded whole, streamed and by their helpers', async () => {
  upstream.play(playsResponses({ thought: 'Hm.', text: 'Hello', tool: TOOL }));
  const ask = { model: 'gpt-5', instructions: 'Be short.', input: 'Say hello.' };
  expect((await client.responses.create(ask)).output_text).toBe('Hello');
  const events = await allOf(await client.responses.create({ ...ask, stream: true }));
  expect(events.at(-1)?.type).toBe('response.completed');
  expect((await client.responses.stream(ask).finalResponse()).output_text).toBe('Hello');
  expect((await client.responses.parse(ask)).output_text).toBe('Hello');
  const spans = await traced.ended(4);
  for (const span of spans) {
    expect(span).toMatchObject({
      name: 'responses',
      dialect: 'openai-responses',
      model: 'gpt-5-2025-08-07',
      finish_reason: 'completed',
      usage: { input_fresh: 16, input_cache_read: 5, output_text: 7 },
      output: { output: [{ type: 'reasoning' }, { type: 'message' }, { type: 'function_call' }] },
    });
  }
});

test('a failed call rejects with the very error of the client and is recorded with status and code', async () => {
  const error = { message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded', param: null };
  upstream.play(answersJson({ error }, 429, { 'x-request-id': 'req_9' }));
  await expect(client.chat.completions.create(ASK)).rejects.toBeInstanceOf(RateLimitError);
  expect(traced.spans).toMatchObject([
    { outcome: 'failed', error: { status: 429, code: 'rate_limit_exceeded', message: '429 Slow down' } },
  ]);
});

test('an error inside a stream reaches the app, and the span keeps what came before it', async () => {
  const frames = [
    { choices: [{ index: 0, delta: { content: 'Hel' } }] },
    { error: { message: 'overloaded', code: 'server_error' } },
  ];
  upstream.play(streamsText(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')));
  const stream = await client.chat.completions.create({ ...ASK, stream: true });
  await expect(allOf(stream)).rejects.toThrow('overloaded');
  expect(await traced.ended(1)).toMatchObject([
    {
      outcome: 'failed',
      error: { code: 'server_error' },
      output: { choices: [{ message: { content: 'Hel' } }] },
    },
  ]);
});

test('a call that the app aborts is cancelled, before its reply and in the middle of it', async () => {
  upstream.play(() => {}, playsOpenAi({ text: 'Hello there' }, { ending: 'stall' }));
  const early = new AbortController();
  const call = client.chat.completions.create(ASK, { signal: early.signal });
  const refused = expect(call).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.received(0);
  early.abort();
  await refused;
  const late = new AbortController();
  const stream = await client.chat.completions.create({ ...ASK, stream: true }, { signal: late.signal });
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    if (text === 'Hello there') late.abort();
  }
  expect(await traced.ended(2)).toMatchObject([
    { outcome: 'cancelled' },
    { outcome: 'cancelled', output: { choices: [{ message: { content: 'Hello there' } }] } },
  ]);
  expect(traced.spans[0]?.error).toBeUndefined();
});

test('a stream that the app leaves early is cancelled with what came, and so is the request', async () => {
  upstream.play(playsOpenAi({ text: 'Hello there' }, { ending: 'stall' }));
  const stream = await client.chat.completions.create({ ...ASK, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'Hell') break;
  expect(stream.controller.signal.aborted).toBe(true);
  expect(traced.spans).toMatchObject([
    { outcome: 'cancelled', output: { choices: [{ message: { content: 'Hell' } }] } },
  ]);
  expect(await upstream.requests[0]?.closed).toBe('aborted');
});

test('controller.abort() ends the span of a stream that nobody reads on', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }, { ending: 'stall' }));
  const stream = await client.chat.completions.create({ ...ASK, stream: true });
  stream.controller.abort();
  expect(traced.spans).toMatchObject([{ outcome: 'cancelled' }]);
});

test('tee() and toReadableStream() are read as without tracing', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const [left, right] = (await client.chat.completions.create({ ...ASK, stream: true })).tee();
  const [a, b] = await Promise.all([allOf(left), allOf(right)]);
  expect(a).toEqual(b);
  const readable = (await client.chat.completions.create({ ...ASK, stream: true })).toReadableStream();
  const lines = (await new Response(readable).text()).trim().split('\n');
  expect(lines).toHaveLength(a.length);
  expect(await traced.ended(2)).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
});

test('text completions, embeddings and moderations are recorded', async () => {
  upstream.play(
    answersJson({
      id: 'c',
      object: 'text_completion',
      model: 'davinci-002',
      choices: [{ index: 0, text: 'x', finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    }),
    answersJson({
      object: 'list',
      model: 'text-embedding-3-small',
      data: [{ object: 'embedding', index: 0, embedding: Buffer.alloc(1024).toString('base64') }],
      usage: { prompt_tokens: 8, total_tokens: 8 },
    }),
    answersJson({ id: 'm', model: 'omni-moderation', results: [{ flagged: false }] }),
  );
  await client.completions.create({ model: 'davinci-002', prompt: 'a' });
  const vectors = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a'] });
  expect(vectors.data[0]?.embedding).toHaveLength(256);
  await client.moderations.create({ input: 'a' });
  expect(traced.spans).toMatchObject([
    { type: 'generation', name: 'completions', dialect: 'openai-completions', usage: { output_text: 1 } },
    { type: 'embedding', usage: { input_fresh: 8 }, output: { data: [{ embedding: '[base64]' }] } },
    { type: 'moderation', output: { results: [{ flagged: false }] } },
  ]);
});

test('pictures and sound are recorded with marks in the place of their bytes', async () => {
  const picture = Buffer.alloc(3_000, 7).toString('base64');
  upstream.play(
    answersJson({
      created: 1,
      data: [{ b64_json: picture }],
      usage: {
        input_tokens: 12,
        output_tokens: 100,
        total_tokens: 112,
        input_tokens_details: { text_tokens: 10, image_tokens: 2 },
      },
    }),
    answersJson({
      text: 'Hi.',
      usage: {
        type: 'tokens',
        input_tokens: 9,
        output_tokens: 2,
        input_token_details: { text_tokens: 1, audio_tokens: 8 },
      },
    }),
    (response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': '4' });
      response.end('beep');
    },
  );
  await client.images.edit({
    model: 'gpt-image-1',
    prompt: 'A cat',
    image: await toFile(Buffer.alloc(500), 'cat.png', { type: 'image/png' }),
  });
  await client.audio.transcriptions.create({
    model: 'gpt-4o-transcribe',
    file: await toFile(Buffer.alloc(700), 'a.wav', { type: 'audio/wav' }),
  });
  const speech = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Beep' });
  expect(Buffer.from(await speech.arrayBuffer()).toString()).toBe('beep');
  expect(traced.spans).toMatchObject([
    {
      type: 'image',
      model_asked: 'gpt-image-1',
      usage: { input_fresh: 10, input_image: 2, output_image: 100 },
      input: { prompt: 'A cat', image: 'cat.png [image/png, 500 bytes]' },
      output: { data: [{ b64_json: '[binary, 3000 bytes]' }] },
    },
    {
      type: 'audio',
      name: 'audio.transcriptions',
      usage: { input_fresh: 1, input_audio: 8, output_text: 2 },
      input: { file: 'a.wav [audio/wav, 700 bytes]' },
      output: { text: 'Hi.' },
    },
    { type: 'audio', name: 'audio.speech', input: { input: 'Beep' }, output: '[audio/mpeg, 4 bytes]' },
  ]);
});

test('the client stays itself: its class, its copies, its own fields and a second wrapping', async () => {
  class Own extends OpenAI {
    #count = 0;
    ask() {
      this.#count += 1;
      return this.chat.completions.create(ASK);
    }
    get count() {
      return this.#count;
    }
  }
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const plain = new Own({ apiKey: 'k', baseURL: upstream.url });
  const own: Own = wrapOpenAI(plain, { tracer: traced.tracer });
  expect(own).toBe(plain);
  expect(own).toBeInstanceOf(OpenAI);
  await wrapOpenAI(own, { tracer: traced.tracer }).ask();
  expect(own.count).toBe(1);
  const copy = own.withOptions({ timeout: 1_000 });
  expect(copy).toBeInstanceOf(Own);
  await copy.ask();
  expect(traced.spans).toHaveLength(2);
  const azure: AzureOpenAI = wrapOpenAI(
    new AzureOpenAI({ apiKey: 'k', apiVersion: '2025-01-01', endpoint: upstream.url }),
    { tracer: traced.tracer, provider: 'azure' },
  );
  await azure.chat.completions.create(ASK);
  expect(upstream.requests[2]?.path).toContain('/openai/deployments/gpt-4o/chat/completions');
  expect(traced.spans[2]).toMatchObject({ provider: 'azure', model_asked: 'gpt-4o' });
});

test('a traceparent with the ids of the span goes to a gateway, and not where the app forbids it', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  await client.chat.completions.create(ASK);
  const [span] = traced.spans;
  expect(upstream.requests[0]?.headers.traceparent).toBe(`00-${span?.trace_id}-${span?.span_id}-01`);
  const quiet = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), {
    tracer: traced.tracer,
    propagate: false,
  });
  await quiet.chat.completions.create(ASK);
  expect(upstream.requests[1]?.headers.traceparent).toBeUndefined();
  const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await client.chat.completions.create(ASK, { headers: { traceparent: own } });
  expect(upstream.requests[2]?.headers.traceparent).toBe(own);
});

test('50 calls at once with different users do not mix', async () => {
  upstream.play(async (response, request) => {
    await wait(Math.random() * 5);
    const [message] = Array.isArray(request.json?.messages) ? request.json.messages : [];
    return playsOpenAi({ text: String(Reflect.get(message, 'content')) })(response, request);
  });
  const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  await Promise.all(
    users.map((userId, index) =>
      traced.tracer.tag({ userId, tags: [userId] }, async () => {
        const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: userId }] };
        if (index % 2 === 0) return client.chat.completions.create(ask);
        return allOf(await client.chat.completions.create({ ...ask, stream: true }));
      }),
    ),
  );
  const spans = await traced.ended(50);
  expect(new Set(spans.map((span) => span.user_id))).toEqual(new Set(users));
  for (const span of spans) {
    expect(span.input).toMatchObject({ messages: [{ content: span.user_id }] });
    expect(span.output).toMatchObject({ choices: [{ message: { content: span.user_id } }] });
  }
});

test('a fault of tracing never reaches the app', async () => {
  upstream.play(playsOpenAi({ text: 'Hello' }));
  const faults: unknown[] = [];
  const broken = { ...traced.tracer };
  const fails = () => {
    throw new Error('tracing is broken');
  };
  const faulty = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), {
    tracer: {
      ...broken,
      startSpan: (start) => ({
        ...broken.startSpan(start),
        update: fails,
        firstToken: fails,
        end: fails,
        traceparent: fails,
      }),
    },
    onError: (fault) => faults.push(fault),
  });
  expect((await faulty.chat.completions.create(ASK)).choices).toHaveLength(1);
  await allOf(await faulty.chat.completions.create({ ...ASK, stream: true }));
  const dead = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), {
    tracer: { ...broken, startSpan: fails },
    onError: fails,
  });
  expect((await dead.chat.completions.create(ASK)).choices).toHaveLength(1);
  expect(faults.length).toBeGreaterThan(2);
  const frozen = Object.freeze({ post: fails });
  expect(wrapOpenAI(frozen, { onError: (fault) => faults.push(fault) })).toBe(frozen);
});
