import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let server: TestServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  // No provider at all: this is how a newcomer starts.
  server = await createTestServer({ settings: { firstByteMs: 400, wholeFirstByteMs: 400, idleMs: 400 } });
  openai = new OpenAI({ apiKey: testKeys.sandbox, baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: testKeys.sandbox, baseURL: server.url, maxRetries: 0 });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
});

const hello = [{ role: 'user' as const, content: 'Hello?' }];

test('a test key gets answers with no provider configured, in both SDKs, whole and streamed, at no cost', async () => {
  const whole = await openai.chat.completions.create({ model: 'gpt-4o', messages: hello });
  expect(whole.choices[0]?.message.content).toBeTruthy();
  expect(whole).toMatchObject({ cost_usd: 0, tokenrouter: { cost_label: 'sandbox', provider: 'sandbox' } });

  const stream = await openai.chat.completions.create({ model: 'gpt-4o', messages: hello, stream: true });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe(whole.choices[0]?.message.content);

  const message = await anthropic.messages.create({
    model: 'claude-haiku-4-5',
    max_tokens: 200,
    messages: hello,
  });
  expect(message.content[0]?.type).toBe('text');
  const again = await anthropic.messages
    .stream({ model: 'claude-haiku-4-5', max_tokens: 200, messages: hello })
    .finalMessage();
  expect(again.content).toEqual(message.content);
  for (const record of server.records) {
    expect(record).toMatchObject({ mode: 'test', status: 200, cost: { nanos: 0, label: 'sandbox' } });
  }
});

test('no model named is answered too', async () => {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testKeys.sandbox}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: hello }),
  });
  expect(response.status).toBe(200);
});

test('tools and JSON schemas are answered in their form', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const tooled = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: hello,
    tools: [{ type: 'function', function: { name: 'get_weather', parameters } }],
    tool_choice: 'required',
  });
  expect(tooled.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'get_weather' } });
  const shaped = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: hello,
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema: parameters } },
  });
  expect(JSON.parse(shaped.choices[0]?.message.content ?? '')).toEqual({ city: expect.any(String) });
});

test.each([
  ['sandbox/429', 429],
  ['sandbox/500', 502],
  ['sandbox/malformed', 502],
  ['sandbox/timeout', 504],
  ['sandbox/context-length', 400],
])('the magic model %s gives %i', async (model, status) => {
  const error = await openai.chat.completions
    .create({ model, messages: hello })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject({ status });
});

test('the magic model sandbox/cut-stream ends a stream in an error', async () => {
  const stream = await openai.chat.completions.create({
    model: 'sandbox/cut-stream',
    messages: hello,
    stream: true,
  });
  const readAll = async () => {
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  };
  await expect(readAll()).rejects.toThrow();
});

test.each(['sandbox/500', 'sandbox', 'gpt-4o'])(
  'a live key cannot reach the sandbox as %s: 404',
  async (model) => {
    const live = openai.withOptions({ apiKey: testKeys.live });
    const error = await live.chat.completions
      .create({ model, messages: hello })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found' });
  },
);
