import { answersJson, type FakeUpstream, openFakeUpstream, playsAnthropic, playsOpenAi } from '@app/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { olderRoutes } from '../../src/routes/inference/older-routes.ts';
import { createClient100 } from '../clients/client-1-0-0.ts';
import { createClient108 } from '../clients/client-1-0-8.ts';
import type { OlderOptions } from '../clients/older-http.ts';
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
    plugins: [
      olderRoutes({
        authenticate: (secret, permission) => server.authenticate(secret, permission),
        listPricedModels: (mode) => server.listPricedModels(mode),
        findTargets: (model, mode) => server.findTargets(model, mode),
        readAnalytics: (projectId) => Promise.resolve(addUp(projectId)),
        clock: { nowMs: () => Date.UTC(2026, 0, 31) },
      }),
    ],
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  await server.close();
  await openaiLike.close();
  await anthropicLike.close();
});

/** What the trace store answers in a running server, from the records in memory. */
function addUp(projectId: string) {
  const records = server.records.filter((record) => record.projectId === projectId);
  return {
    calls: records.length,
    failed: records.filter((record) => record.errorCode !== undefined).length,
    tokens: records.flatMap(({ usage }) => Object.values(usage)).reduce((sum, tokens) => sum + tokens, 0),
    costNanos: records.reduce((sum, record) => sum + record.cost.nanos, 0),
    latencyMeanMs: 5,
    cacheReadRate: 0,
    callsByModel: { 'gpt-4o': records.length },
  };
}

const options = (changes: Partial<OlderOptions> = {}): OlderOptions => ({
  baseUrl: server.url,
  apiKey: testKeys.live,
  pause: () => Promise.resolve(),
  ...changes,
});

const messages = [{ role: 'user', content: 'Say hello.' }];

async function textOf(stream: AsyncGenerator<object>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    const [choice] =
      (Reflect.get(chunk, 'choices') as { delta?: { content?: string }; text?: string }[]) ?? [];
    text += choice?.delta?.content ?? choice?.text ?? '';
  }
  return text;
}

describe('the first SDK, 1.0.0', () => {
  test('chats with its options unconverted, and finds the routing metadata at top level', async () => {
    const client = createClient100(options());
    const reply = await client.chat({
      messages,
      model: 'claude-3-opus',
      mode: 'balanced',
      maxTokens: 12,
      topP: 0.5,
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
      toolChoice: 'auto',
    });
    expect(reply).toMatchObject({
      choices: [{ message: { content: 'Hello from two.' } }],
      cost_usd: expect.any(Number),
      latency_ms: expect.any(Number),
      routed_model: 'claude-3-opus',
      routed_provider: 'two',
    });
    expect((await anthropicLike.received(0)).json).toMatchObject({
      max_tokens: 12,
      top_p: 0.5,
      tool_choice: { type: 'auto' },
    });
  });

  test('streams, from any provider, without a model named', async () => {
    const client = createClient100(options());
    expect(await textOf(await client.stream({ messages }))).toBe('Hello from one.');
    expect(await textOf(await client.stream({ messages, model: 'claude-3-opus' }))).toBe('Hello from two.');
  });

  test('lists models with provider, sizes and prices, in both of its spellings and in the Python form', async () => {
    const client = createClient100(options());
    const { models } = (await client.models()) as { models: { id: string }[] };
    expect(models.map(({ id }) => id)).toEqual(['gpt-4o', 'gpt-4', 'claude-3-opus']);
    for (const model of models) {
      expect(Object.keys(model).sort()).toEqual([
        'capabilities',
        'contextWindow',
        'context_window',
        'id',
        'input_cost_per_1k',
        'max_output_tokens',
        'name',
        'output_cost_per_1k',
        'provider',
      ]);
    }
    expect(await client.listModels()).toMatchObject({ data: [{ id: 'gpt-4o', owned_by: 'one' }, {}, {}] });
  });

  test('reads costs as a map of numbers, and the analytics of its own project', async () => {
    const client = createClient100(options());
    for (const cost of Object.values(Object(await client.costs()))) expect(cost).toBeTypeOf('number');
    await client.chat({ messages });
    const analyst = createClient100(options({ apiKey: testKeys.analyst }));
    expect(await analyst.analytics()).toMatchObject({
      total_requests: 1,
      totalRequests: 1,
      total_tokens: 28,
      total_cost_usd: expect.any(Number),
      average_latency_ms: 5,
      model_distribution: { 'gpt-4o': 1 },
      error_rate: 0,
      cache_hit_rate: 0,
    });
    expect(await client.health()).toMatchObject({ status: 'ok' });
  });
});

describe('the analytics', () => {
  const ask = (query: string) =>
    fetch(`${server.url}/analytics${query}`, { headers: { authorization: `Bearer ${testKeys.analyst}` } });

  test.each([
    ['?start_date=yesterday', 'start_date'],
    ['?end_date=2026-13-01', 'end_date'],
    ['?start_date=2026-02-01&end_date=2026-01-01', 'start_date'],
    ['?start_date=2020-01-01', 'start_date'],
    ['?start_date=2026-01-01&start_date=2026-01-02', 'start_date'],
  ])('refuse %s and name the field', async (query, param) => {
    const response = await ask(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_parameter', param } });
  });

  test('take days and times', async () => {
    for (const query of [
      '',
      '?start_date=2026-01-01&end_date=2026-01-31',
      '?start_date=2026-01-01T00:00:00Z',
    ]) {
      expect((await ask(query)).status).toBe(200);
    }
  });

  test('need their permission', async () => {
    const client = createClient100(options());
    await expect(client.analytics()).rejects.toMatchObject({
      name: 'AuthenticationError',
      status: 403,
      message: 'API key does not have permission for this resource',
    });
  });
});

describe('the SDKs 1.0.6 to 1.0.8', () => {
  test('route messages with a mode, preferences and a key mode', async () => {
    const client = createClient108(options());
    const reply = await client.create({
      messages,
      mode: 'cost',
      model_preferences: ['claude-3-opus', 'gpt-4o'],
      key_mode: 'auto',
      max_completion_tokens: null,
    });
    expect(reply).toMatchObject({
      id: expect.stringMatching(/^tr_req_/),
      object: 'chat.completion',
      routed_provider: 'two',
      tokenrouter: { mode: 'cost', provider: 'two' },
    });
  });

  test('stream a route and a chat', async () => {
    const client = createClient108(options());
    expect(await textOf(await client.stream({ messages, key_mode: 'stored' }))).toBe('Hello from one.');
    expect(await textOf(await client.chat.stream({ messages }))).toBe('Hello from one.');
  });

  test('complete a text, whole and streamed, from a provider that has chats only', async () => {
    const client = createClient108(options());
    const body = {
      prompt: 'Say hello.',
      mode: 'balanced',
      model_preferences: ['claude-3-opus'],
      max_tokens: 9,
    };
    expect(await client.completions.create(body)).toMatchObject({
      object: 'text_completion',
      choices: [{ text: 'Hello from two.', index: 0, finish_reason: 'stop' }],
      routed_provider: 'two',
    });
    expect(await textOf(await client.completions.stream(body))).toBe('Hello from two.');
  });
});

describe('errors, as the 1.0 line reads them', () => {
  test('have a text, with every status that it tells apart', async () => {
    const stranger = createClient108(options({ apiKey: 'tr_live_unknown' }));
    await expect(stranger.create({ messages })).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: 'Invalid API key provided',
    });
    const client = createClient108(options());
    await expect(client.create({ messages: [], model: 'gpt-4o' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      message: expect.stringContaining('messages'),
    });
    const reader = createClient108(options({ apiKey: testKeys.noPermission }));
    await expect(reader.create({ messages })).rejects.toMatchObject({
      name: 'AuthenticationError',
      status: 403,
    });
  });

  test('tell whole seconds to wait', async () => {
    const client = createClient108(options({ apiKey: testKeys.slow }));
    await client.create({ messages });
    await client.create({ messages });
    const error = await client.create({ messages }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RateLimitError' });
    expect(Reflect.get(Object(error), 'retryAfter')).toSatisfy((wait: number) => wait >= 1 && wait < 60);
  });

  test('of the provider are tried again by the client, and a later success reaches it', async () => {
    const waits: number[] = [];
    anthropicLike.play(answersJson({}, 500), playsAnthropic({ text: 'At last.' }));
    const client = createClient100(
      options({
        pause: async (ms) => {
          waits.push(ms);
        },
      }),
    );
    const reply = await client.chat({ messages, model: 'claude-3-opus' });
    expect(reply).toMatchObject({ choices: [{ message: { content: 'At last.' } }] });
    expect(waits).toEqual([1000]);
  });
});
