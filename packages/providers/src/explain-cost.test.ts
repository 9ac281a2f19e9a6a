import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainCost } from './explain-cost.ts';
import type { Price } from './price.ts';
import { priceUsage } from './price-usage.ts';

const price: Price = {
  version: 'table',
  rates: { inputFresh: 1_250_001, inputCacheRead: 125_000, outputText: 10_000_003 },
  tiers: [{ inputTokensMin: 1_000, rates: { inputFresh: 2_500_000, outputText: 15_000_000 } }],
  serviceTiers: { flex: { times: { numerator: 1, denominator: 2 } } },
  geos: { eu: { numerator: 11, denominator: 10 } },
  toolFees: { webSearch: 10_000_000_000 },
  requestFee: 7,
  paid: { numerator: 93, denominator: 100 },
};
const tokens = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined });

test('the parts of a cost add up to it to the nano-dollar, whatever was used', () => {
  const usage = fc.record({
    inputFresh: tokens,
    inputCacheRead: tokens,
    outputText: tokens,
    outputThinking: tokens,
  });
  const billing = fc.record({
    serviceTier: fc.constantFrom('', 'flex', 'unheard of'),
    geo: fc.constantFrom('eu', 'us'),
    toolUses: fc.record({ webSearch: fc.integer({ min: 0, max: 3 }) }),
  });
  fc.assert(
    fc.property(usage, billing, (used, facts) => {
      const given = Object.fromEntries(Object.entries(used).filter(([, count]) => count !== undefined));
      const cost = priceUsage(given, price, facts);
      const parts = explainCost(given, price, facts);
      if (cost.label === 'unknown') return expect(parts).toBeUndefined();
      expect(parts?.reduce((sum, part) => sum + part.nanos, 0)).toBe(cost.nanos);
    }),
    { seed: 6, numRuns: 500 },
  );
});

test('a part tells its count and its rate, with what multiplies the whole', () => {
  const parts = explainCost({ inputFresh: 100 }, price, { serviceTier: 'flex', geo: 'eu' });
  expect(parts?.[0]).toMatchObject({
    what: 'inputFresh',
    count: 100,
    rate: { numerator: 1_250_001n * 11n * 93n, denominator: 2n * 10n * 100n },
  });
});

test('sound that is billed by its length has one part, and its tokens none', () => {
  const spoken: Price = { version: 'table', rates: { outputText: 1 }, tiers: [], soundHour: 360_000_000_000 };
  const parts = explainCost({ outputText: 50 }, spoken, { soundMs: 60_000 });
  expect(parts).toMatchObject([{ what: 'sound', per: 'hour', count: 60_000, nanos: 6_000_000 }]);
});
