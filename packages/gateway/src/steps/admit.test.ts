import { GatewayError } from '@app/protocol';
import { answers, aPrincipal, refuses, streams } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, messages, openTestJourney } from '../../test/open-test-journey.ts';
import { openAiReply, openAiStream } from '../../test/provider-texts.ts';

const reply = answers(200, openAiReply());
const limited = { principal: aPrincipal({ requestsPerMinuteMax: 2 }) };
const single = { principal: aPrincipal({ concurrencyMax: 1 }) };

describe('requests per minute', () => {
  test('beyond the limit are refused with the wait, recorded, and reach no provider', () => {
    const journey = openTestJourney({ answers: [reply, reply] });
    expect(journey.call(limited).headers()).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '30s',
    });
    expect(journey.call(limited).status()).toBe(200);
    const third = journey.call(limited);
    expect(third.status()).toBe(429);
    expect(third.headers()).toMatchObject({
      'retry-after': '30',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1m0s',
    });
    expect(third.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } });
    expect(third.text()).not.toMatch(/quota/i);
    expect(journey.provider.exchanges).toHaveLength(2);
    expect(journey.records[2]).toMatchObject({
      status: 429,
      errorCode: 'rate_limit_exceeded',
      attempts: [],
      modelAsked: 'model-1',
    });
  });

  test('come back with time', () => {
    const journey = openTestJourney({ answers: [reply, reply, reply] });
    journey.call(limited);
    journey.call(limited);
    journey.advance(30_000);
    expect(journey.call(limited).status()).toBe(200);
    expect(journey.call(limited).status()).toBe(429);
  });

  test('of one key do not count for another', () => {
    const journey = openTestJourney({ answers: [reply, reply, reply] });
    journey.call(limited);
    journey.call(limited);
    const other = aPrincipal({ keyId: 'key_2', requestsPerMinuteMax: 2 });
    expect(journey.call({ principal: other }).status()).toBe(200);
  });

  test('count even when the body is nonsense, and the limit speaks first', () => {
    const journey = openTestJourney();
    const nonsense = {
      ...limited,
      body: { ok: false, error: new GatewayError('invalid_json', 'The body is not JSON.') } as const,
    };
    expect([1, 2, 3].map(() => journey.call(nonsense).status())).toEqual([400, 400, 429]);
    expect(journey.records.map((record) => record.errorCode)).toEqual([
      'invalid_json',
      'invalid_json',
      'rate_limit_exceeded',
    ]);
  });
});

describe('calls under way', () => {
  test('beyond the limit are refused in the dialect of the caller', () => {
    const journey = openTestJourney();
    journey.call(single);
    const second = journey.call({ ...messages(), ...single });
    expect(second.status()).toBe(429);
    expect(second.headers()['retry-after']).toBe('1');
    expect(second.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
  });

  const endings: [string, (journey: ReturnType<typeof openTestJourney>) => void][] = [
    ['a whole reply', (journey) => reply(journey.provider.last())],
    ['a stream', (journey) => streams(...openAiStream('Hello'))(journey.provider.last())],
    ['a refusal', (journey) => answers(400, {})(journey.provider.last())],
    ['a failure', (journey) => refuses()(journey.provider.last())],
    ['a cut stream', (journey) => streams(...openAiStream('Hello').slice(0, 2))(journey.provider.last())],
    ['a stall', (journey) => journey.advance(600_000)],
  ];
  for (const [what, end] of endings) {
    test(`have their place back after ${what}`, () => {
      const journey = openTestJourney();
      const stream = what.includes('stream');
      journey.call({ ...chat({ stream }), ...single });
      end(journey);
      expect(journey.records).toHaveLength(1);
      journey.call(single);
      expect(journey.provider.exchanges).toHaveLength(2);
    });
  }

  test('have their place back when the caller leaves', () => {
    const journey = openTestJourney();
    journey.call(single).running.cancel();
    journey.call(single);
    expect(journey.provider.exchanges).toHaveLength(2);
  });

  test('have their place back when the call was refused before it was sent', () => {
    const journey = openTestJourney();
    for (const asked of [chat({ model: 'nobody' }), chat({ messages: 'no' }), chat({ model: 'nobody' })]) {
      expect([400, 404]).toContain(journey.call({ ...asked, ...single }).status());
    }
    journey.call(single);
    expect(journey.provider.exchanges).toHaveLength(1);
  });

  test('have their place back when a look-up throws, and the caller learns no more than that', () => {
    const models = {
      get 'model-1'(): never {
        throw new Error('a bug');
      },
    };
    const journey = openTestJourney({ snapshot: { models } });
    const caller = journey.call(single);
    expect(caller.status()).toBe(500);
    expect(caller.text()).not.toContain('a bug');
    expect(journey.call(single).status()).toBe(500);
    expect(journey.defects).toHaveLength(2);
    expect(journey.records).toHaveLength(2);
  });
});
