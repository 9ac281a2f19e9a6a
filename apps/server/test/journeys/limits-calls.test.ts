import Anthropic from '@anthropic-ai/sdk';
import {
  type AppliedLimit,
  createMemoryLimits,
  type Limit,
  type LimitFacts,
  type LimitNews,
  type MemoryLimits,
  type Principal,
} from '@app/gateway';
import { picoRate } from '@app/providers';
import {
  aBudget,
  aLimit,
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsOpenAi,
  staysSilent,
} from '@app/testkit';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { testKeys } from '../test-keys.ts';

const PLACES = { measure: 'concurrency', period: undefined } as const;

const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

let upstream: FakeUpstream;
let server: TestServer;
let limits: Limit[];
let store: MemoryLimits;
let news: LimitNews[];

/** Those of a model apply where it is the target, those of a tag or user where a call has it. */
function findLimits(_: Principal, facts: LimitFacts): AppliedLimit[] {
  const names = [facts.target?.model, facts.userId, ...facts.tags];
  return limits
    .filter(({ scope }) => scope.kind === 'project' || names.includes(scope.id))
    .map((limit) => ({ limit, subject: '' }));
}

beforeEach(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello.' }));
  limits = [];
  news = [];
  const tell = (told: LimitNews) => void news.push(told);
  store = createMemoryLimits({ clock, tell });
  const price = (usd: string) => ({
    version: 'operator',
    rates: { inputFresh: picoRate(usd), outputText: picoRate(usd) },
    tiers: [],
  });
  server = await createTestServer({
    providers: [
      {
        id: 'acme',
        dialect: 'openai-chat',
        baseUrl: upstream.url,
        models: ['dear', 'cheap', 'free-of-price'],
      },
    ],
    prices: { 'acme/dear': price('100'), 'acme/cheap': price('1') },
    findLimits,
    limitStore: store,
    tellNews: tell,
  });
});

afterEach(async () => {
  expect(server.defects).toEqual([]);
  for (const limit of limits) {
    const { used, reserved } = store.read(limit, '');
    expect({ id: limit.id, reserved: reserved ?? 0 }).toEqual({ id: limit.id, reserved: 0 });
    if (limit.measure === 'concurrency') expect(used).toBe(0);
  }
  await server.close();
  await upstream.close();
});

const openai = (headers: { [name: string]: string } = {}) =>
  new OpenAI({
    apiKey: testKeys.live,
    baseURL: `${server.url}/v1`,
    maxRetries: 0,
    defaultHeaders: headers,
  });
const anthropic = () => new Anthropic({ apiKey: testKeys.live, baseURL: server.url, maxRetries: 0 });

const ask = (model: string, cap = 500) => ({
  model,
  max_completion_tokens: cap,
  messages: [{ role: 'user' as const, content: 'Hello there' }],
});

/** What a client of OpenAI's makes of a refusal. */
async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error('It was not refused.');
  const { status, code, type, message, headers } = error;
  const header = (name: string) => headers?.get(name) ?? undefined;
  return {
    status,
    code,
    type,
    message,
    retryAfter: header('retry-after'),
    shouldRetry: header('x-should-retry'),
  };
}

describe('OpenAI’s client', () => {
  test('sees how much is left of requests and tokens', async () => {
    limits = [aLimit({ max: 60 }), aLimit({ id: 'lim_tokens', measure: 'tokens', max: 6_000 })];
    const { response } = await openai().chat.completions.create(ask('cheap')).withResponse();
    const header = (name: string) => response.headers.get(`x-ratelimit-${name}`);
    expect(header('limit-requests')).toBe('60');
    expect(header('remaining-requests')).toBe('59');
    expect(header('reset-requests')).toBe('1s');
    expect(header('limit-tokens')).toBe('6000');
    expect(Number(header('remaining-tokens'))).toBeLessThan(5_500);
    expect(header('reset-tokens')).toMatch(/^\d+(\.\d)?s$/);
  });

  test.each([
    { limit: aLimit({ max: 0 }), status: 429, code: 'rate_limit_exceeded' },
    { limit: aLimit({ measure: 'tokens', max: 10 }), status: 429, code: 'token_limit_exceeded' },
    { limit: aLimit({ ...PLACES, max: 0 }), status: 429, code: 'concurrency_limit_exceeded' },
    { limit: aLimit({ period: 'day', max: 0 }), status: 429, code: 'quota_exceeded' },
    {
      limit: aLimit({ measure: 'output_tokens', period: 'month', max: 9 }),
      status: 429,
      code: 'quota_exceeded',
    },
    { limit: aBudget({ max: 1 }), status: 402, code: 'budget_exceeded' },
  ])('is refused with $status $code by a limit on $limit.measure per $limit.period', async (given) => {
    const { limit, status, code } = given;
    const type = status === 402 ? 'budget_error' : 'rate_limit_error';
    limits = [limit];
    const refusal = await refusalOf(openai().chat.completions.create(ask('cheap')));
    expect(refusal).toMatchObject({ status, code, type });
    expect(refusal.message).toContain(limit.name);
    expect(refusal.shouldRetry).toBe(code === 'concurrency_limit_exceeded' ? undefined : 'false');
    expect(/quota/i.test(refusal.message)).toBe(code === 'quota_exceeded');
    expect(upstream.requests).toEqual([]);
    expect(server.records[0]).toMatchObject({
      errorCode: code,
      limits: { refusedBy: limit.id },
      attempts: [],
    });
  });

  test('that streams gets to its end, and what it held is settled before', async () => {
    limits = [aBudget(), aLimit({ id: 'lim_places', ...PLACES, max: 1 })];
    for (const turn of [1, 2]) {
      const stream = await openai().chat.completions.create({ ...ask('cheap'), stream: true });
      let text = '';
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      expect(text).toBe('Hello.');
      // The next turn begins as soon as the last frame is here: the one place is free again by then.
      expect(server.records).toHaveLength(turn);
    }
    const nanos = server.records.reduce((sum, { cost }) => sum + cost.nanos, 0);
    expect(nanos).toBeGreaterThan(0);
    expect(store.read(aBudget(), '').used).toBe(nanos);
  });

  test('that leaves in the middle holds nothing, and is charged for what it asked', async () => {
    limits = [aBudget(), aLimit({ id: 'lim_places', ...PLACES, max: 1 })];
    upstream.play(staysSilent);
    const leaving = new AbortController();
    const call = openai().chat.completions.create(ask('cheap'), { signal: leaving.signal });
    await upstream.received(0);
    leaving.abort();
    await expect(call).rejects.toThrow();
    const record = await server.recorded(0);
    expect(record).toMatchObject({ status: 499, cost: { label: 'estimated' } });
    expect(store.read(aBudget(), '')).toMatchObject({ used: record.cost.nanos, reserved: 0 });
  });

  test('that a provider refuses is charged nothing', async () => {
    limits = [aBudget()];
    upstream.play(answersJson({ error: { message: 'No.' } }, 400));
    expect((await refusalOf(openai().chat.completions.create(ask('cheap')))).status).toBe(400);
    expect(store.read(aBudget(), '').used).toBe(0);
  });

  test('has its cap lowered to what a budget leaves, and is told', async () => {
    limits = [aBudget({ max: 400_000 })];
    const { response } = await openai().chat.completions.create(ask('cheap', 5_000)).withResponse();
    expect(response.headers.get('x-tokenrouter-losses')).toBe('max_completion_tokens');
    expect(upstream.requests[0]?.json?.max_completion_tokens).toBeLessThan(400);
  });

  test('may count its calls by labels of its own', async () => {
    limits = [aLimit({ scope: { kind: 'tag', id: 'night' }, max: 0 })];
    await openai().chat.completions.create(ask('cheap'));
    const tagged = openai({ 'x-tokenrouter-tags': 'night, batch' }).chat.completions.create(ask('cheap'));
    expect((await refusalOf(tagged)).message).toContain('the tag `night`');
    expect(server.records.map(({ tags }) => tags)).toEqual([undefined, ['night', 'batch']]);
    const wrong = openai({ 'x-tokenrouter-tags': 'x'.repeat(65) }).chat.completions.create(ask('cheap'));
    expect(await refusalOf(wrong)).toMatchObject({ status: 400, code: 'invalid_parameter' });
  });

  test('is not let through to a model without a price where money is limited', async () => {
    limits = [aBudget()];
    const refusal = await refusalOf(openai().chat.completions.create(ask('free-of-price')));
    expect(refusal).toMatchObject({ status: 402, code: 'budget_exceeded' });
    expect(refusal.message).toContain('`acme/free-of-price` has no price');
  });
});

describe('Anthropic’s client', () => {
  const create = (model: string) =>
    anthropic().messages.create({ model, max_tokens: 500, messages: [{ role: 'user', content: 'Hello' }] });

  test('meets its own errors', async () => {
    limits = [aBudget({ max: 1 })];
    await expect(create('cheap')).rejects.toMatchObject({
      status: 402,
      error: { error: { type: 'billing_error' } },
    });
    limits = [aLimit({ max: 0 })];
    await expect(create('cheap')).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  });

  test('is sent to a cheaper model when its budget says so, in its own dialect', async () => {
    const budget = { action: { kind: 'route', model: 'cheap' }, warnPercents: [], isStrict: false } as const;
    limits = [aBudget({ max: 20_000_000, budget })];
    const { data, response } = await create('dear').withResponse();
    expect(data.content).toMatchObject([{ type: 'text', text: 'Hello.' }]);
    expect(response.headers.get('x-tokenrouter-model')).toBe('cheap');
    expect(response.headers.get('x-tokenrouter-losses')).toContain('model');
    expect(news.map(({ kind }) => kind)).toContain('routed');
    expect(server.records[0]).toMatchObject({
      modelAsked: 'dear',
      model: 'cheap',
      limits: { routedBy: 'bud_1' },
    });
  });
});

describe('what is no conversation', () => {
  test('is counted, refused and settled alike', async () => {
    const budget = aBudget({ max: 3_000_000 });
    limits = [budget];
    upstream.play(
      answersJson({ object: 'list', data: [], model: 'cheap', usage: { prompt_tokens: 7, total_tokens: 7 } }),
    );
    await openai().embeddings.create({ model: 'acme/cheap', input: 'Hello', encoding_format: 'float' });
    expect(store.read(budget, '').used).toBe(7_000);
    const long = openai().embeddings.create({ model: 'acme/cheap', input: 'x'.repeat(20_000) });
    expect(await refusalOf(long)).toMatchObject({ status: 402, code: 'budget_exceeded' });
    expect(upstream.requests).toHaveLength(1);
  });
});
