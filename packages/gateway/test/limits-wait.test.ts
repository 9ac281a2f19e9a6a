import { aBudget, answers, aPrice, aTarget } from '@app/testkit';
import { expect, test } from 'vitest';
import type { JourneySettings, Limit } from '../src/index.ts';
import { chat, openTestJourney } from './open-test-journey.ts';
import { openAiReply } from './provider-texts.ts';

const reply = answers(200, openAiReply());
const capped = (cap: number) => chat({ max_completion_tokens: cap });
/** Room for one call of 1,000 output tokens, at two dollars a million, and not for two. */
const tight = aBudget({ max: 2_500_000 });

function open(limit: Limit, settings: Partial<JourneySettings> = {}) {
  return openTestJourney({
    settings,
    snapshot: { models: { 'model-1': [{ ...aTarget(), price: aPrice() }] } },
    findLimits: () => [{ limit, subject: '' }],
  });
}

test('a call waits for what another holds and gives back, and is then sent', () => {
  const journey = open(tight);
  journey.call(capped(1_000));
  const second = journey.call(capped(1_000));
  journey.advance(1_000);
  expect(journey.provider.exchanges).toHaveLength(1);
  reply(journey.provider.last());
  journey.advance(100);
  expect(journey.provider.exchanges).toHaveLength(2);
  reply(journey.provider.last());
  expect(second.status()).toBe(200);
  expect(journey.limits.read(tight, '').reserved ?? 0).toBe(0);
});

test('it waits no longer than the setting says, and is told that trying again helps', () => {
  const journey = open(tight, { heldWaitMs: 2_000 });
  journey.call(capped(1_000));
  const second = journey.call(capped(1_000));
  journey.advance(1_900);
  expect(second.status()).toBeUndefined();
  journey.advance(200);
  expect(second.status()).toBe(402);
  expect(second.headers()['retry-after']).toBeDefined();
});

test('what is spent is not waited for', () => {
  const journey = open(tight);
  journey.limits.load(tight.id, '', { periodStartMs: Date.UTC(2026, 0, 1), used: 2_499_000 });
  expect(journey.call(capped(1_000)).status()).toBe(402);
});

test('a caller that leaves while it waits leaves nothing behind', () => {
  const journey = open(tight);
  journey.call(capped(1_000));
  const timers = journey.pending();
  journey.call(capped(1_000)).running.cancel();
  expect(journey.pending()).toBe(timers);
  reply(journey.provider.last());
  journey.advance(10_000);
  expect(journey.provider.exchanges).toHaveLength(1);
  expect(journey.limits.read(tight, '').reserved ?? 0).toBe(0);
});
