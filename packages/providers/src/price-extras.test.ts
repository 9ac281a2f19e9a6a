import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPrice } from './find-price.ts';
import type { Price } from './price.ts';
import { priceUsage } from './price-usage.ts';

const at = new Date('2026-11-01T12:00:00Z');
const priceOf = (providerId: string, model: string): Price | undefined =>
  findPrice({ providerId, baseUrl: '', model, at });
const plain: Price = { version: 'test', rates: { inputFresh: 1_000_000, outputText: 2_000_000 }, tiers: [] };

test('a batch costs half of its tokens, and a search in it its whole fee', () => {
  const price = priceOf('anthropic', 'claude-sonnet-4-5');
  const usage = { inputFresh: 1_000, outputText: 100 };
  // 1,000 × $3 + 100 × $15 per million = 4,500,000; a search is $10 per thousand.
  expect(priceUsage(usage, price)).toMatchObject({ nanos: 4_500_000, label: 'exact' });
  const batch = { serviceTier: 'batch', toolUses: { webSearch: 2 } };
  expect(priceUsage(usage, price, batch)).toMatchObject({ nanos: 2_250_000 + 20_000_000, label: 'exact' });
});

test('the queue that answered decides: flex is half, priority is more, the default by any name is itself', () => {
  const price = priceOf('openai', 'gpt-5');
  const usage = { inputFresh: 1_000, outputText: 1_000 };
  const nanosIn = (serviceTier: string) => priceUsage(usage, price, { serviceTier });
  expect(nanosIn('default')).toMatchObject({ nanos: 11_250_000, label: 'exact' });
  expect(nanosIn('auto')).toEqual(nanosIn('default'));
  expect(nanosIn('flex')).toMatchObject({ nanos: 5_625_000, label: 'exact' });
  expect(nanosIn('priority')).toMatchObject({ nanos: 22_500_000, label: 'exact' });
  expect(priceUsage(usage, priceOf('openai', 'gpt-5-mini'), { serviceTier: 'priority' })).toMatchObject({
    nanos: 4_050_000,
    label: 'exact',
  });
  expect(nanosIn('a-queue-of-tomorrow')).toMatchObject({ nanos: 11_250_000, label: 'estimated' });
});

test('fast replies of Claude and those made in the United States multiply each other', () => {
  const price = priceOf('anthropic', 'claude-opus-4-6');
  const usage = { inputFresh: 1_000, outputText: 100 };
  // $5 and $25 per million; six times for speed; a tenth more for the place.
  expect(priceUsage(usage, price, { serviceTier: 'fast' }).nanos).toBe(45_000_000);
  expect(priceUsage(usage, price, { serviceTier: 'fast', geo: 'us' }).nanos).toBe(49_500_000);
  expect(priceUsage(usage, price, { geo: 'global' }).nanos).toBe(7_500_000);
  const older = priceOf('anthropic', 'claude-sonnet-4-5');
  expect(priceUsage({ inputFresh: 1_000 }, older, { geo: 'us' }).nanos).toBe(3_000_000);
});

test('a tool whose fee nobody knows leaves the cost an estimate, and one that is free leaves it exact', () => {
  const usage = { inputFresh: 10 };
  const price = { ...plain, toolFees: { webFetch: 0, webSearch: 10_000_000_000 } };
  expect(priceUsage(usage, price, { toolUses: { webFetch: 3 } })).toMatchObject({
    nanos: 10_000,
    label: 'exact',
  });
  expect(priceUsage(usage, price, { toolUses: { codeExecution: 1 } })).toMatchObject({
    nanos: 10_000,
    label: 'estimated',
  });
  expect(priceUsage({}, price, { toolUses: { webSearch: 1 } })).toMatchObject({ nanos: 10_000_000 });
  expect(priceUsage(usage, { ...price, isFeeEstimated: true }, { toolUses: { webSearch: 1 } }).label).toBe(
    'estimated',
  );
});

test('a fee for each request is charged once', () => {
  const price = { ...plain, requestFee: 5_000_000_000 };
  expect(priceUsage({ inputFresh: 1 }, price).nanos).toBe(5_000_000 + 1_000);
});

test('sound is billed by its length to the nano-dollar, also where a second costs no whole pico-dollar', () => {
  const price = priceOf('groq', 'whisper-large-v3-turbo');
  // $0.04 an hour.
  expect(price?.soundHour).toBe(40_000_000_000);
  expect(priceUsage({}, price, { soundMs: 3_600_000 })).toMatchObject({ nanos: 40_000_000, label: 'exact' });
  expect(priceUsage({}, price, { soundMs: 1_000 }).nanos).toBe(11_111);
  expect(priceUsage({ inputFresh: 99 }, price, { soundMs: 0 })).toMatchObject({ nanos: 0, label: 'exact' });
});

test('a discount is taken from everything and rounded once', () => {
  const price = {
    ...plain,
    toolFees: { webSearch: 10_000_000_000 },
    paid: { numerator: 875, denominator: 1_000 },
  };
  const usage = { inputFresh: 1, outputText: 1 };
  expect(priceUsage(usage, price, { toolUses: { webSearch: 1 } }).nanos).toBe(8_752_625);
  // One pico-dollar less than half a nano-dollar each: together they are not rounded to nothing.
  const tiny = {
    ...plain,
    rates: { inputFresh: 499, outputText: 499 },
    paid: { numerator: 1, denominator: 1 },
  };
  expect(priceUsage(usage, tiny).nanos).toBe(1);
});

test('with any queue, place, fee and discount the cost is the one fraction that big integers give', () => {
  const ratio = fc.record({ numerator: fc.nat(20), denominator: fc.integer({ min: 1, max: 1_000 }) });
  const sum = fc.record({
    tokens: fc.nat(50_000_000),
    rate: fc.nat(2_000_000_000),
    uses: fc.nat(1_000),
    fee: fc.nat(100_000_000_000),
    times: ratio,
    geo: ratio,
    paid: ratio,
  });
  fc.assert(
    fc.property(sum, ({ tokens, rate, uses, fee, times, geo, paid }) => {
      const price: Price = {
        version: 'test',
        rates: { inputFresh: rate },
        tiers: [],
        serviceTiers: { fast: { times } },
        geos: { us: geo },
        toolFees: { webSearch: fee },
        paid,
      };
      const options = { serviceTier: 'fast', geo: 'us', toolUses: { webSearch: uses } };
      const big = BigInt;
      const scale = big(times.denominator) * big(geo.denominator);
      const top =
        (big(tokens) * big(rate) * big(times.numerator) * big(geo.numerator) + big(uses) * big(fee) * scale) *
        big(paid.numerator);
      const bottom = scale * big(paid.denominator) * 1_000n;
      const { nanos } = priceUsage({ inputFresh: tokens }, price, options);
      // Within half of a nano-dollar of the exact fraction.
      const off = 2n * (big(nanos) * bottom - top);
      expect(off <= bottom && off >= -bottom).toBe(true);
    }),
    { seed: 4, numRuns: 1_000 },
  );
});

test('a price tells how much its model holds and writes, where that is known', () => {
  expect(priceOf('openai', 'gpt-4o-mini')).toMatchObject({ contextTokens: 128_000, outputTokensMax: 16_384 });
  expect(priceOf('anthropic', 'claude-opus-4-1')?.outputTokensMax).toBe(32_000);
  expect(priceOf('mistral', 'mistral-large-latest')?.outputTokensMax).toBeUndefined();
});
