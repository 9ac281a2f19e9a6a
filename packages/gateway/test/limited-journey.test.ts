import {
  aBudget,
  aLimit,
  anAnthropicTarget,
  answers,
  aPrice,
  aPrincipal,
  aTarget,
  refuses,
  streams,
} from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { AppliedLimit, Limit, LimitFacts, Principal } from '../src/index.ts';
import { chat, messages, openTestJourney, type TestJourneyOptions } from './open-test-journey.ts';
import { anthropicReply, openAiReply, openAiStream } from './provider-texts.ts';

const reply = answers(200, openAiReply());
/** What `openAiReply` says it used, at a dollar and two per million tokens. */
const REPLY_NANOS = 10 * 1_000 + 5 * 2_000;

/** Those that apply: a limit on a model only where that model is the target. */
function applying(...limits: Limit[]) {
  return (_: Principal, { target }: LimitFacts): AppliedLimit[] =>
    limits
      .filter(({ scope }) => scope.kind !== 'model' || scope.id === target?.model)
      .map((limit) => ({ limit, subject: '' }));
}

function open(limits: Limit[], options: Omit<TestJourneyOptions, 'findLimits'> = {}) {
  return openTestJourney({ answers: [reply, reply, reply], ...options, findLimits: applying(...limits) });
}

const tokens = (changes: Partial<Limit> = {}) =>
  aLimit({ id: 'lim_tokens', measure: 'tokens', max: 10_000, ...changes });
const capped = (cap: number) => chat({ max_completion_tokens: cap });

describe('a dispatch', () => {
  test('takes its worst case before bytes leave, and is settled on what it used before the reply ends', () => {
    const limits = [tokens(), aBudget()];
    const journey = open(limits, { answers: [] });
    const caller = journey.call(capped(1_000));
    const [held, money] = limits.map((limit) => journey.limits.read(limit, '').used);
    expect(held).toBeGreaterThan(1_000);
    expect(held).toBeLessThan(1_100);
    expect(money).toBeGreaterThan(2_000_000);
    expect(caller.status()).toBeUndefined();
    reply(journey.provider.last());
    expect(caller.headers()['x-ratelimit-limit-tokens']).toBe('10000');
    expect(limits.map((limit) => journey.limits.read(limit, '').used)).toEqual([15, REPLY_NANOS]);
    expect(journey.record().cost.nanos).toBe(REPLY_NANOS);
  });

  test('that was lowered and failed leaves no cap in the record of a call that another answered uncapped', () => {
    const own = tokens({ measure: 'output_tokens', max: 500, scope: { kind: 'model', id: aTarget().model } });
    const journey = open([own], {
      answers: [answers(503, {}), answers(200, anthropicReply())],
      snapshot: { models: { 'model-1': [aTarget(), anAnthropicTarget()] } },
    });
    expect(journey.call(capped(1_000)).status()).toBe(200);
    expect(journey.provider.exchanges[0]?.request.body).toContain('500');
    expect(journey.record().attempts).toHaveLength(2);
    expect(journey.record().limits?.outputTokensMax).toBeUndefined();
  });

  test('that its provider refuses or that never arrives costs nothing', () => {
    const budget = aBudget();
    for (const answer of [answers(400, {}), answers(503, {}), refuses()]) {
      const journey = open([budget, tokens()], { answers: [answer] });
      journey.call(capped(1_000));
      expect(journey.limits.read(budget, '').used).toBe(0);
    }
  });

  test('that is left or cut is charged for its prompt and what was produced', () => {
    const budget = aBudget();
    const cut = open([budget], { answers: [streams(...openAiStream('Hello there').slice(0, 2))] });
    cut.call(chat({ stream: true }));
    const left = open([budget], { answers: [] });
    left.call(chat()).running.cancel();
    for (const journey of [cut, left]) {
      const { cost } = journey.record();
      expect(cost).toMatchObject({ label: 'estimated' });
      expect(cost.nanos).toBeGreaterThan(0);
      expect(journey.limits.read(budget, '')).toMatchObject({ used: cost.nanos, reserved: 0 });
    }
  });

  test('to another target after a failure holds its own worst case, and the first one’s is given back', () => {
    const second = aTarget({ model: 'model-2' });
    const snapshot = { models: { 'model-1': [aTarget(), second] } };
    const limit = tokens({ max: 1_100 });
    const journey = open([limit], { answers: [answers(503, {})], snapshot });
    journey.call(capped(1_000));
    expect(journey.provider.exchanges).toHaveLength(2);
    expect(journey.limits.read(limit, '').used).toBeLessThan(1_100);
    reply(journey.provider.last());
    expect(journey.limits.read(limit, '').used).toBe(15);
    expect(journey.record().attempts).toHaveLength(2);
  });

  test('that never was written for its provider takes nothing at all', () => {
    const limits = [tokens(), aLimit({ scope: { kind: 'model', id: 'claude-1' } })];
    const snapshot = { models: { 'model-1': [anAnthropicTarget()] } };
    const journey = open(limits, { answers: [], snapshot });
    const caller = journey.call({
      ...chat({ n: 2, logprobs: true, top_logprobs: 2 }),
      unsupported: 'reject',
    });
    expect(caller.status()).toBe(400);
    for (const limit of limits) expect(journey.limits.read(limit, '').used).toBe(0);
  });
});

describe('a cap on output', () => {
  test('is lowered to what fits, sent to the provider, and told', () => {
    const journey = open([tokens({ max: 1_000 })], { answers: [] });
    const caller = journey.call(capped(5_000));
    const sent = Number(journey.provider.last().body.max_completion_tokens);
    expect(sent).toBeGreaterThan(900);
    expect(sent).toBeLessThan(1_000);
    reply(journey.provider.last());
    expect(caller.headers()['x-tokenrouter-losses']).toBe('max_completion_tokens');
    expect(journey.record()).toMatchObject({
      losses: [{ path: 'max_completion_tokens', why: 'lowered' }],
      limits: { outputTokensMax: sent },
    });
  });

  test('is lowered in another dialect too, in the caller’s word for it', () => {
    const snapshot = { models: { 'model-1': [anAnthropicTarget()] } };
    const journey = open([tokens({ max: 1_000 })], { answers: [answers(200, anthropicReply())], snapshot });
    const caller = journey.call(capped(5_000));
    expect(journey.provider.last().body.max_tokens).toBeLessThan(1_000);
    expect(caller.headers()['x-tokenrouter-losses']).toBe('max_completion_tokens');
  });

  test('is never lowered to less than is worth a call', () => {
    const journey = open([tokens({ max: 270 })]);
    const caller = journey.call(capped(5_000));
    expect(caller.status()).toBe(429);
    expect(caller.json()).toMatchObject({ error: { code: 'token_limit_exceeded' } });
    expect(caller.headers()['x-should-retry']).toBe('false');
    expect(journey.record()).toMatchObject({
      attempts: [],
      limits: { refusedBy: 'lim_tokens', refusedByName: 'Team' },
    });
    expect(
      open([tokens({ max: 300 })])
        .call(capped(5_000))
        .status(),
    ).toBe(200);
  });

  test('is never lowered into what the call may think', () => {
    const thinking = { type: 'enabled', budget_tokens: 2_000 };
    const asked = messages({ max_tokens: 5_000, thinking });
    const snapshot = { models: { 'model-1': [anAnthropicTarget()] } };
    const limit = tokens({ max: 2_200 });
    expect(open([limit], { snapshot }).call(asked).status()).toBe(429);
  });

  test('that nobody knows is sent, so that what was reserved holds', () => {
    const journey = open([aBudget()]);
    journey.call();
    expect(journey.provider.last().body.max_completion_tokens).toBe(8_192);
    const known = open([aBudget()], {
      snapshot: { models: { 'model-1': [aTarget({ outputTokensMax: 4_000 })] } },
    });
    known.call();
    expect(known.provider.last().body).not.toHaveProperty('max_completion_tokens');
    const watched = open([aBudget({ enforcement: 'shadow' })]);
    watched.call();
    expect(watched.provider.last().body).not.toHaveProperty('max_completion_tokens');
  });
});

describe('a budget', () => {
  const action = (kind: { kind: 'block' } | { kind: 'ask' } | { kind: 'route'; model: string }) => ({
    budget: { action: kind, warnPercents: [], isStrict: false },
  });
  const dear = aTarget({ model: 'dear', price: aPrice({ rates: { inputFresh: 1e9, outputText: 1e9 } }) });
  const cheap = aTarget({ model: 'cheap' });
  const snapshot = { models: { 'model-1': [dear], cheap: [cheap], both: [dear, cheap] } };
  const small = { max: 200_000_000 };

  test('that is spent refuses with 402 and reaches no provider', () => {
    const journey = open([aBudget({ max: 1 })]);
    const caller = journey.call(capped(500));
    expect(caller.status()).toBe(402);
    expect(caller.headers()).toMatchObject({ 'x-should-retry': 'false' });
    expect(caller.json()).toMatchObject({ error: { type: 'budget_error', code: 'budget_exceeded' } });
    expect(journey.provider.exchanges).toEqual([]);
    expect(
      open([aBudget({ max: 1 })])
        .call({ ...messages(), ...messages() })
        .json(),
    ).toMatchObject({
      type: 'error',
      error: { type: 'billing_error' },
    });
  });

  test('that one target’s price is too much for lets the next one answer', () => {
    const journey = open([aBudget(small)], { snapshot });
    const caller = journey.call(chat({ model: 'both', max_completion_tokens: 500 }));
    expect(caller.headers()['x-tokenrouter-model']).toBe('cheap');
    expect(journey.record().attempts.map(({ model }) => model)).toEqual(['cheap']);
  });

  test('may send a call to a cheaper model, once, and the caller is told', () => {
    const budget = aBudget({ ...small, ...action({ kind: 'route', model: 'cheap' }) });
    const journey = open([budget], { snapshot, answers: [reply] });
    const caller = journey.call(messages({ max_tokens: 500 }));
    expect(caller.status()).toBe(200);
    expect(caller.json()).toMatchObject({ type: 'message', content: [{ text: 'Hi.' }] });
    expect(caller.headers()).toMatchObject({
      'x-tokenrouter-model': 'cheap',
      'x-tokenrouter-losses': expect.stringContaining('model'),
    });
    expect(journey.record().limits).toEqual({ routedBy: 'bud_1', routedByName: 'Monthly' });
    expect(journey.news).toMatchObject([{ kind: 'routed', limit: { id: 'bud_1' } }]);
  });

  test('that sends calls to what does not fit either refuses them', () => {
    for (const model of ['model-1', 'nobody']) {
      const budget = aBudget({ ...small, ...action({ kind: 'route', model }) });
      const journey = open([budget], { snapshot });
      expect(journey.call(capped(500)).status()).toBe(402);
    }
  });

  test('that asks its owner says so to both', () => {
    const journey = open([aBudget({ max: 1, ...action({ kind: 'ask' }) })]);
    const caller = journey.call(capped(500));
    expect(caller.status()).toBe(402);
    expect(caller.text()).toContain('owner was asked');
    expect(journey.news.map(({ kind }) => kind)).toContain('asked');
  });

  test('that is strict never lowers a cap', () => {
    const budget = { action: { kind: 'block' }, warnPercents: [], isStrict: true } as const;
    const room = { max: 2_000_000 };
    expect(
      open([aBudget(room)])
        .call(capped(5_000))
        .status(),
    ).toBe(200);
    expect(
      open([aBudget({ ...room, budget })])
        .call(capped(5_000))
        .status(),
    ).toBe(402);
  });

  test('lets nothing without a price through, and says what to do', () => {
    const journey = open([aBudget()], {
      snapshot: { models: { 'model-1': [aTarget({ price: undefined })] } },
    });
    const caller = journey.call(capped(500));
    expect(caller.status()).toBe(402);
    expect(caller.text()).toContain('`openai/model-1` has no price');
    const watched = open([aBudget({ enforcement: 'shadow' })], {
      snapshot: { models: { 'model-1': [aTarget({ price: undefined })] } },
    });
    expect(watched.call(capped(500)).status()).toBe(200);
  });

  test('does not count what a test key does; its tokens are counted', () => {
    const limit = tokens();
    const journey = open([aBudget({ max: 1 }), limit]);
    const caller = journey.call({ ...capped(500), principal: aPrincipal({ mode: 'test' }) });
    expect(caller.status()).toBe(200);
    expect(journey.limits.read(limit, '').used).toBe(15);
  });
});

describe('limits', () => {
  test('of a model count its calls, and another model may answer when they are spent', () => {
    const snapshot = { models: { 'model-1': [aTarget(), aTarget({ model: 'model-2' })] } };
    const scope = { kind: 'model', id: 'model-1' } as const;
    const journey = open([aLimit({ scope, max: 1 })], { snapshot });
    const models = [1, 2].map(() => journey.call().headers()['x-tokenrouter-model']);
    expect(models).toEqual(['model-1', 'model-2']);
    const places = open([aLimit({ scope, measure: 'concurrency', period: undefined, max: 1 })], {
      answers: [],
    });
    places.call();
    expect(places.call().json()).toMatchObject({ error: { code: 'concurrency_limit_exceeded' } });
    reply(places.provider.last());
    places.call();
    expect(places.provider.exchanges).toHaveLength(2);
  });

  test('that only watch refuse nothing and tell what they would have refused', () => {
    const journey = open([
      aLimit({ max: 0, enforcement: 'shadow' }),
      tokens({ max: 1, enforcement: 'shadow' }),
    ]);
    expect(journey.call().status()).toBe(200);
    expect(journey.news.map(({ kind }) => kind)).toEqual(['exceeded_shadow', 'exceeded_shadow']);
  });

  test('whose counts are away refuse with 503 and a wait', () => {
    const findLimits = applying(aLimit());
    const journey = openTestJourney({
      findLimits,
      wrapLimits: (limits) => ({ ...limits, reserve: (_, done) => done({ kind: 'away' }) }),
    });
    const caller = journey.call();
    expect(caller.status()).toBe(503);
    expect(caller.headers()['retry-after']).toBe('5');
    expect(caller.json()).toMatchObject({ error: { code: 'store_unavailable' } });
  });

  test('hear whose call it is: the key’s labels, the call’s own, and the user it names', () => {
    const heard: LimitFacts[] = [];
    const journey = openTestJourney({
      answers: [reply],
      findLimits: (_, facts) => {
        heard.push(facts);
        return [];
      },
    });
    journey.call({
      ...chat({ user: 'ann' }),
      principal: aPrincipal({ tags: ['team'] }),
      tags: ['night', 'team'],
    });
    const facts = { userId: 'ann', tags: ['team', 'night'] };
    expect(heard).toEqual([facts, { ...facts, target: { providerId: 'openai', model: 'model-1' } }]);
    expect(journey.record().tags).toEqual(['team', 'night']);
  });
});
