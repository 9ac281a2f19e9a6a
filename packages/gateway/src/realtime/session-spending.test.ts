import { aBudget, aLimit, aPrincipal, aTarget, createFakeClock } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { createReserve } from '../admission/reserve.ts';
import type { Limit } from '../limits/limit.ts';
import { createMemoryLimits } from '../limits/memory/create-memory-limits.ts';
import { openSessionSpending } from './open-session-spending.ts';

function open(limits: Limit[], isLate = false) {
  const store = createMemoryLimits(createFakeClock());
  const waiting: (() => void)[] = [];
  const reserve = createReserve({
    snapshot: { findLimits: () => limits.map((limit) => ({ limit, subject: '' })) },
    limitStore: {
      ...store,
      reserve: (claims, done) => {
        if (isLate) waiting.push(() => store.reserve(claims, done));
        else store.reserve(claims, done);
      },
    },
  });
  const said: (string | undefined)[] = [];
  const principal = aPrincipal();
  const counting = { principal, facts: { userId: undefined, tags: [] } };
  const spending = openSessionSpending({
    reserve,
    counting,
    target: aTarget(),
    onSpent: ({ code }) => said.push(code),
  });
  return {
    spending,
    said,
    begin: () => spending.begin((error) => said.push(error?.code)),
    used: () => limits.map((limit) => store.read(limit, '').used),
    answer: () => {
      for (const run of waiting.splice(0)) run();
    },
  };
}

const response = {
  usage: { inputAudio: 100, outputAudio: 50 },
  cost: { nanos: 7_000, label: 'exact', priceVersion: 'v' },
  attempts: [],
} as const;

const tokens = aLimit({ measure: 'tokens', period: 'day', max: 30_000 });

describe('a session', () => {
  test('holds the worst case of one response ahead, and is settled on what each used', () => {
    const session = open([tokens, aBudget()]);
    session.begin();
    expect(session.said).toEqual([undefined]);
    expect(session.used()[0]).toBe(8_192 + 4_096);
    session.spending.onResponse(response);
    session.spending.onResponse(response);
    expect(session.used()[0]).toBe(300 + 8_192 + 4_096);
    session.spending.close(false);
    expect(session.used()).toEqual([300, 14_000]);
  });

  test('that nothing is left for is refused, and one that runs out is told to end', () => {
    const refused = open([{ ...tokens, max: 100 }]);
    refused.begin();
    expect(refused.said).toEqual(['quota_exceeded']);
    const session = open([{ ...tokens, max: 12_400 }]);
    session.begin();
    session.spending.onResponse(response);
    expect(session.said).toEqual([undefined, 'quota_exceeded']);
    session.spending.close(false);
    expect(session.used()).toEqual([150]);
  });

  test('that is cut in the middle of a response is charged what it held, once', () => {
    const session = open([tokens]);
    session.begin();
    session.spending.close(true);
    session.spending.close(true);
    expect(session.used()).toEqual([8_192 + 4_096]);
  });

  test('whose counts answer late loses no response, and holds nothing when it is over', () => {
    const session = open([tokens], true);
    session.begin();
    session.answer();
    session.spending.onResponse(response);
    session.spending.onResponse(response);
    session.spending.close(false);
    for (let round = 0; round < 4; round += 1) session.answer();
    expect(session.used()).toEqual([300]);
  });
});
