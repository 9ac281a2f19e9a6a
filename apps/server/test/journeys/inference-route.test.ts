import { answersJson, type FakeUpstream, openFakeUpstream, playsAnthropic, playsOpenAi } from '@app/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

let openaiLike: FakeUpstream;
let anthropicLike: FakeUpstream;
let server: TestServer;

beforeEach(async () => {
  openaiLike = await openFakeUpstream(playsOpenAi({ text: 'Hello from one.' }));
  anthropicLike = await openFakeUpstream(playsAnthropic({ text: 'Hello from two.' }));
  server = await createTestServer({
    providers: [
      { id: 'one', dialect: 'openai-chat', baseUrl: openaiLike.url, models: ['gpt-4o', 'gpt-4'] },
      { id: 'two', dialect: 'anthropic-messages', baseUrl: anthropicLike.url, models: ['claude-3-opus'] },
    ],
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await openaiLike.close();
  await anthropicLike.close();
});

const post = (body: object, path = '/route', headers = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${testKeys.live}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const sent = async (upstream: FakeUpstream) => (await upstream.received(0)).json;

test.each(['/route', '/api/route'])(
  '%s answers a prompt with a chat completion that tells how it was routed',
  async (path) => {
    const response = await post({ prompt: 'Say hello.' }, path);
    expect(response.status).toBe(200);
    const reply: unknown = await response.json();
    const requestId = response.headers.get('x-request-id') ?? '';
    expect(requestId).toMatch(/^req_[0-9a-z]{26}$/);
    expect(reply).toMatchObject({
      id: `tr_${requestId}`,
      object: 'chat.completion',
      created: expect.any(Number),
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hello from one.' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 },
      cost_usd: expect.any(Number),
      latency_ms: expect.any(Number),
      routed_model: 'gpt-4o',
      routed_provider: 'one',
      prompt_type: null,
      complexity: null,
      tokenrouter: {
        request_id: requestId,
        provider: 'one',
        model: 'gpt-4o',
        mode: 'default',
        attempts: [{ provider: 'one', model: 'gpt-4o', outcome: 'ok' }],
        cache: 'off',
        losses: [],
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    for (const [name, value] of Object.entries({
      provider: 'one',
      model: 'gpt-4o',
      attempts: '1',
      cache: 'off',
    })) {
      expect(response.headers.get(`x-tokenrouter-${name}`)).toBe(value);
    }
    expect(await sent(openaiLike)).toEqual({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Say hello.' }],
      temperature: 0.7,
      max_tokens: 1000,
    });
    expect(server.records[0]).toMatchObject({ route: '/route', request: '{"prompt":"Say hello."}' });
  },
);

test('every parameter of the prompt form is honoured', async () => {
  const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];
  const response = await post({
    prompt: 'Say hello.',
    model_preferences: ['nobody-has-this', 'gpt-4', 'claude-3-opus'],
    temperature: 0.2,
    max_tokens: 77,
    tools,
    tool_choice: 'look_up',
    response_format: { type: 'json_object' },
    user_id: 'user-7',
    cost_priority: 'speed',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-tokenrouter-mode')).toBe('latency');
  expect(await response.json()).toMatchObject({ routed_model: 'gpt-4', tokenrouter: { mode: 'latency' } });
  expect(await sent(openaiLike)).toEqual({
    model: 'gpt-4',
    messages: [{ role: 'user', content: 'Say hello.' }],
    temperature: 0.2,
    max_tokens: 77,
    tools,
    tool_choice: { type: 'function', function: { name: 'look_up' } },
    response_format: { type: 'json_object' },
    user: 'user-7',
  });
  expect(server.records[0]).toMatchObject({ userId: 'user-7', modelAsked: undefined });
});

test('preferences fall back in their order', async () => {
  openaiLike.play(answersJson({ error: { message: 'busy' } }, 503));
  const response = await post({ prompt: 'Hi', model_preferences: ['gpt-4', 'claude-3-opus'] });
  expect(await response.json()).toMatchObject({
    routed_provider: 'two',
    choices: [{ message: { content: 'Hello from two.' } }],
    tokenrouter: {
      attempts: [
        { provider: 'one', outcome: '503' },
        { provider: 'two', outcome: 'ok' },
      ],
    },
  });
});

test('the messages form takes what the later SDKs send, and nothing of ours reaches the provider', async () => {
  const response = await post({
    model: 'gpt-4o',
    mode: 'balanced',
    key_mode: 'auto',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    max_completion_tokens: 5,
    top_p: 0.5,
    seed: 7,
    echo: false,
    metadata: { a: 'b' },
  });
  expect(response.headers.get('x-tokenrouter-mode')).toBe('balance');
  expect(await sent(openaiLike)).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    max_completion_tokens: 5,
    top_p: 0.5,
    seed: 7,
    metadata: { a: 'b' },
  });
});

test('a stream has data lines with a space, our id in every chunk, its routing in headers, and [DONE]', async () => {
  const response = await post({ prompt: 'Hi', stream: true });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-tokenrouter-provider')).toBe('one');
  const text = await response.text();
  expect(text).not.toContain('\r');
  const lines = text.split('\n\n').filter((line) => line !== '');
  expect(lines.every((line) => line.startsWith('data: '))).toBe(true);
  expect(lines.at(-1)).toBe('data: [DONE]');
  const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)));
  const id = `tr_${response.headers.get('x-request-id')}`;
  expect(new Set(chunks.map((chunk) => chunk.id))).toEqual(new Set([id]));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello from one.');
});

test.each([
  [{}, 'missing_parameter', 'prompt'],
  [{ prompt: '' }, 'invalid_parameter', 'prompt'],
  [{ prompt: 7 }, 'invalid_parameter', 'prompt'],
  [{ prompt: 'a', messages: [] }, 'invalid_parameter', 'prompt'],
  [{ prompt: 'a', cost_priority: 'cheap' }, 'invalid_parameter', 'cost_priority'],
  [{ prompt: 'a', mode: 7 }, 'invalid_parameter', 'mode'],
  [{ prompt: 'a', key_mode: 'mine' }, 'invalid_parameter', 'key_mode'],
  [{ prompt: 'a', user_id: 7 }, 'invalid_parameter', 'user_id'],
  [{ prompt: 'a', model_preferences: [''] }, 'invalid_parameter', 'model_preferences'],
  [{ prompt: 'a', model_preferences: [7] }, 'invalid_parameter', 'model_preferences'],
])('%o is %s, naming %s', async (body, code, param) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code, param } });
});

test.each([
  ['balance', 'balance'],
  ['balanced', 'balance'],
  ['latency', 'latency'],
  ['speed', 'latency'],
  ['fast', 'latency'],
  ['cost', 'cost'],
  ['quality', 'quality'],
])('the mode %s is echoed as %s, also at the end of a model name', async (mode, echoed) => {
  const body = { messages: [{ role: 'user', content: 'Hi' }] };
  for (const asked of [
    { ...body, mode },
    { ...body, cost_priority: mode },
    { ...body, model: `auto:${mode}` },
  ]) {
    expect((await post(asked)).headers.get('x-tokenrouter-mode')).toBe(echoed);
  }
});

test('chat takes the camel-case options of our first SDK, flat tools, and unknown fields for its own dialect', async () => {
  const response = await post(
    {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hi' }],
      maxTokens: 9,
      topP: 0.5,
      toolChoice: 'auto',
      responseFormat: { type: 'text' },
      modelPreferences: ['gpt-4'],
      tools: [{ type: 'function', name: 'look_up', parameters: { type: 'object' } }],
      a_field_of_next_month: { deep: [1] },
    },
    '/v1/chat/completions',
  );
  expect(response.status).toBe(200);
  expect(await sent(openaiLike)).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Hi' }],
    max_tokens: 9,
    top_p: 0.5,
    tool_choice: 'auto',
    response_format: { type: 'text' },
    tools: [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }],
    a_field_of_next_month: { deep: [1] },
  });
});

test('what the target cannot say is listed as a loss, in the header and in the reply', async () => {
  const response = await post({ model: 'claude-3-opus', prompt: 'Hi', seed: 7 });
  expect(response.headers.get('x-tokenrouter-losses')).toContain('seed');
  expect(await response.json()).toMatchObject({
    tokenrouter: { losses: expect.arrayContaining([{ path: 'seed', why: 'unsupported' }]) },
  });
});

test('a caller that does not mind losses is not told of them, and one that says neither is asked to', async () => {
  const body = { model: 'claude-3-opus', prompt: 'Hi', seed: 7 };
  const quiet = await post(body, '/route', { 'x-tokenrouter-unsupported': 'drop' });
  expect(await quiet.json()).toMatchObject({ tokenrouter: { losses: [] } });
  expect(quiet.headers.get('x-tokenrouter-losses')).toBeNull();
  expect((await server.recorded(0)).losses).toContainEqual({ path: 'seed', why: 'unsupported' });
  const unclear = await post(body, '/route', { 'x-tokenrouter-unsupported': 'maybe' });
  expect(await unclear.json()).toMatchObject({ error: { param: 'x-tokenrouter-unsupported' } });
});

test('a caller that refuses losses gets a target without any, or an error that names the parameter', async () => {
  const refusing = { 'x-tokenrouter-unsupported': 'reject' };
  const alone = await post({ model: 'claude-3-opus', prompt: 'Hi', seed: 7 }, '/route', refusing);
  expect(alone.status).toBe(400);
  expect(await alone.json()).toMatchObject({ error: { code: 'unsupported_parameter', param: 'seed' } });
  expect(anthropicLike.requests).toHaveLength(0);
  const preferences = { model_preferences: ['claude-3-opus', 'gpt-4'] };
  const other = await post({ ...preferences, prompt: 'Hi', seed: 7 }, '/route', refusing);
  expect(await other.json()).toMatchObject({ routed_provider: 'one' });
  expect((await post({ model: 'claude-3-opus', prompt: 'Hi' }, '/route', refusing)).status).toBe(200);
});
