import Anthropic, { APIUserAbortError, RateLimitError } from '@anthropic-ai/sdk';
import { answersJson, type FakeUpstream, openFakeUpstream, playsAnthropic } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOf } from '../../test/all-of.ts';
import { createTestTracer, type TestTracer } from '../../test/wrap-tracer.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';

let upstream: FakeUpstream;
let traced: TestTracer;
let client: Anthropic;

beforeEach(async () => {
  upstream = await openFakeUpstream();
  traced = createTestTracer();
  client = wrapAnthropic(new Anthropic({ apiKey: 'sk-ant-test', baseURL: upstream.url, maxRetries: 0 }), {
    tracer: traced.tracer,
  });
});
afterEach(() => upstream.close());

const ASK = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  system: 'Be short.',
  messages: [{ role: 'user', content: 'Say hello.' }],
} satisfies Anthropic.MessageCreateParamsNonStreaming;
const SAYING = {
  thought: 'Hm.',
  signature: 'sig',
  text: 'Hello there',
  tool: { id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
};
const CONTENT = [
  { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
  { type: 'text', text: 'Hello there' },
  { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
];

test('a message is recorded whole, streamed, by the helper and by the beta alike', async () => {
  upstream.play((response, request) => {
    response.setHeader('request-id', 'req_1');
    return playsAnthropic(SAYING, { pieceBytes: 50 })(response, request);
  });
  const whole = await client.messages.create(ASK);
  expect(whole.content).toEqual(CONTENT);
  const events = await allOf(await client.messages.create({ ...ASK, stream: true }));
  expect(events.at(-1)?.type).toBe('message_stop');
  expect((await client.messages.stream(ASK).finalMessage()).content).toEqual(CONTENT);
  expect((await client.beta.messages.create(ASK)).content).toEqual(CONTENT);
  expect((await client.messages.parse(ASK)).content).toMatchObject(CONTENT);
  const spans = await traced.ended(5);
  for (const span of spans) {
    expect(span).toMatchObject({
      type: 'generation',
      name: 'messages',
      outcome: 'ok',
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      model_asked: 'claude-opus-5-5',
      dialect: 'anthropic-messages',
      finish_reason: 'tool_use',
      service_tier: 'default',
      request_id: 'req_1',
      usage: { input_fresh: 16, input_cache_read: 5, input_cache_write: 0, output_text: 7 },
      input: { system: 'Be short.', messages: ASK.messages },
      output: { role: 'assistant', content: CONTENT },
    });
  }
  expect(spans.map((span) => span.stream)).toEqual([false, true, true, false, false]);
  expect(spans.map((span) => typeof span.ttft_ms)).toEqual([
    'undefined',
    'number',
    'number',
    'undefined',
    'undefined',
  ]);
  expect(JSON.stringify(spans)).not.toContain('sk-ant');
});

test('cache writes of five minutes and of an hour, and thinking, are classes of their own', async () => {
  upstream.play(
    answersJson({
      ...{ id: 'm', type: 'message', role: 'assistant', model: 'claude', stop_reason: 'end_turn' },
      content: [{ type: 'text', text: 'Hi' }],
      usage: {
        input_tokens: 10,
        cache_read_input_tokens: 20,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 18, ephemeral_1h_input_tokens: 12 },
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
      },
    }),
  );
  await client.messages.create(ASK);
  expect(traced.spans[0]?.usage).toEqual({
    input_fresh: 10,
    input_cache_read: 20,
    input_cache_write: 18,
    input_cache_write_1h: 12,
    output_text: 5,
    output_thinking: 4,
  });
});

test('.withResponse() and .asResponse() are those of the client', async () => {
  upstream.play(playsAnthropic({ text: 'Hello' }));
  const { data, response } = await client.messages.create(ASK).withResponse();
  expect([data.content.length, response.status]).toEqual([1, 200]);
  const streamed = await client.messages.create({ ...ASK, stream: true }).withResponse();
  expect((await allOf(streamed.data)).length).toBeGreaterThan(3);
  const raw = await client.messages.create({ ...ASK, stream: true }).asResponse();
  expect(await raw.text()).toContain('message_stop');
  expect(await traced.ended(3)).toMatchObject([
    { outcome: 'ok' },
    { outcome: 'ok' },
    { outcome: 'ok', output: { content: [{ type: 'text', text: 'Hello' }] }, usage: { output_text: 7 } },
  ]);
});

test('errors, aborts and streams left early end as what they are', async () => {
  const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } };
  upstream.play(answersJson(error, 429), () => {}, playsAnthropic({ text: 'Hello' }, { ending: 'stall' }));
  await expect(client.messages.create(ASK)).rejects.toBeInstanceOf(RateLimitError);
  const stop = new AbortController();
  const refused = expect(client.messages.create(ASK, { signal: stop.signal })).rejects.toBeInstanceOf(
    APIUserAbortError,
  );
  await upstream.received(1);
  stop.abort();
  await refused;
  for await (const event of await client.messages.create({ ...ASK, stream: true }))
    if (event.type === 'content_block_delta') break;
  const helper = client.messages.stream(ASK);
  helper.on('text', () => helper.abort());
  await expect(helper.finalMessage()).rejects.toBeInstanceOf(APIUserAbortError);
  expect(await traced.ended(4)).toMatchObject([
    { outcome: 'failed', error: { status: 429, code: 'rate_limit_error' } },
    { outcome: 'cancelled' },
    { outcome: 'cancelled', output: { content: [{ text: 'Hell' }] } },
    { outcome: 'cancelled' },
  ]);
});

test('counting tokens is no call of a model, and what is secret in a request is not kept', async () => {
  upstream.play(answersJson({ input_tokens: 3 }), playsAnthropic({ text: 'Hello' }));
  await client.messages.countTokens({ model: ASK.model, messages: ASK.messages });
  expect(traced.spans).toHaveLength(0);
  const image = Buffer.alloc(3_000, 1).toString('base64');
  await client.beta.messages.create({
    ...ASK,
    mcp_servers: [{ type: 'url', name: 'm', url: 'https://mcp.test', authorization_token: 'sesame' }],
    messages: [
      {
        role: 'user',
        content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }],
      },
    ],
  });
  const text = JSON.stringify(traced.spans[0]?.input);
  expect(text).toContain('[binary, 3000 bytes]');
  expect(text).not.toContain('sesame');
  expect(upstream.requests[1]?.body).toContain('sesame');
  expect(upstream.requests[1]?.body).toContain(image);
  expect(upstream.requests[1]?.headers.traceparent).toContain(traced.spans[0]?.span_id);
});

test('the tool runner of the beta makes one span for each of its requests', async () => {
  upstream.play(playsAnthropic({ tool: SAYING.tool }), playsAnthropic({ text: 'Cold.' }));
  const runner = client.beta.messages.toolRunner({
    ...ASK,
    tools: [
      {
        type: 'custom',
        name: 'weather',
        input_schema: { type: 'object' },
        parse: (input: unknown) => input,
        run: () => 'ice',
      },
    ],
  });
  expect((await runner.runUntilDone()).content).toMatchObject([{ type: 'text', text: 'Cold.' }]);
  expect(await traced.ended(2)).toMatchObject([{ finish_reason: 'tool_use' }, { finish_reason: 'end_turn' }]);
});
