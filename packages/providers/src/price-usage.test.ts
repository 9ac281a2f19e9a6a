import type { Usage } from '@app/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPrice } from './find-price.ts';
import type { Price } from './price.ts';
import { priceUsage } from './price-usage.ts';

const SEED = { seed: 20_251, numRuns: 500 };
const openai = { providerId: 'openai', baseUrl: 'https://api.openai.com/v1' };
const anthropic = { providerId: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' };
const google = { providerId: 'google', baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai' };

function cost(provider: typeof openai & { at?: string }, model: string, usage: Usage) {
  const at = new Date(provider.at ?? '2026-11-01T12:00:00Z');
  return priceUsage(usage, findPrice({ ...provider, model, at }));
}

test('an OpenAI call with cached input costs what the price list says, to the nano-dollar', () => {
  const usage = { inputFresh: 2_000, inputCacheRead: 8_000, outputText: 500 };
  // 2,000 × $2.50/M + 8,000 × $1.25/M + 500 × $10/M.
  expect(cost(openai, 'gpt-4o', usage)).toMatchObject({ nanos: 20_000_000, label: 'exact' });
  expect(cost(openai, 'gpt-4o-mini', { inputFresh: 13, outputText: 7 })).toMatchObject({ nanos: 6_150 });
});

test('an Anthropic call prices cache reads and both lifetimes of cache writes apart', () => {
  const usage = {
    inputFresh: 1_000,
    inputCacheRead: 4_000,
    inputCacheWrite: 5_000,
    inputCacheWrite1h: 2_000,
    outputText: 500,
  };
  // 1,000 × $3 + 4,000 × $0.30 + 5,000 × $3.75 + 2,000 × $6 + 500 × $15, each per million.
  expect(cost(anthropic, 'claude-sonnet-4-20250514', usage)).toMatchObject({
    nanos: 42_450_000,
    label: 'exact',
  });
});

test('a price that was lowered prices a call by the day of the call', () => {
  const usage = { inputFresh: 1_000, outputText: 1_000 };
  expect(cost({ ...openai, at: '2025-06-09T23:59:59Z' }, 'o3', usage).nanos).toBe(50_000_000);
  expect(cost({ ...openai, at: '2025-06-10T00:00:00Z' }, 'o3', usage).nanos).toBe(10_000_000);
});

test('a long-context tier holds for the whole call, output and cached input included', () => {
  const short = { inputFresh: 150_000, inputCacheRead: 50_000, outputText: 1_000 };
  // At the border the base rates hold: $1.25, $0.125 and $10 per million.
  expect(cost(google, 'gemini-2.5-pro', short).nanos).toBe(187_500_000 + 6_250_000 + 10_000_000);
  // One token more and all of it costs $2.50, $0.25 and $15.
  const long = { ...short, inputCacheRead: 50_001 };
  expect(cost(google, 'gemini-2.5-pro', long).nanos).toBe(375_000_000 + 12_500_250 + 15_000_000);
});

test('a model without a price, and a reply without usage, cost nothing that is known', () => {
  expect(cost(openai, 'no-such-model', { inputFresh: 5 })).toEqual({
    nanos: 0,
    label: 'unknown',
    priceVersion: '',
  });
  expect(cost(openai, 'gpt-4o', {})).toMatchObject({ nanos: 0, label: 'unknown' });
  expect(cost(openai, 'text-embedding-3-small', { inputFresh: 5, outputText: 1 }).label).toBe('unknown');
});

test('thinking is billed as output exactly; a borrowed cache or audio rate is called an estimate', () => {
  const thinking = cost(openai, 'gpt-4o', { inputFresh: 1, outputText: 1, outputThinking: 9 });
  expect(thinking).toMatchObject({ nanos: 2_500 + 100_000, label: 'exact' });
  const write = cost(openai, 'gpt-4o', { inputCacheWrite: 100 });
  expect(write).toMatchObject({ nanos: 250_000, label: 'estimated' });
  expect(cost(openai, 'gpt-4o', { inputAudio: 100, outputAudio: 1 }).label).toBe('estimated');
  expect(cost(openai, 'gpt-4o', { inputImage: 100 })).toMatchObject({ nanos: 250_000, label: 'exact' });
});

test('counts that were estimated, or cannot be, are never labelled exact', () => {
  const price = priceOf({ inputFresh: 1_000 });
  expect(priceUsage({ inputFresh: 3 }, price, { estimated: true }).label).toBe('estimated');
  expect(priceUsage({ inputFresh: 3, inputCacheRead: -2 }, price)).toMatchObject({
    nanos: 3,
    label: 'estimated',
  });
  expect(priceUsage({ inputFresh: Number.NaN }, price)).toMatchObject({ nanos: 0, label: 'estimated' });
});

test('a sandbox call is free and says so', () => {
  const price = priceOf({ inputFresh: 1_000 });
  expect(priceUsage({ inputFresh: 3 }, price, { sandbox: true })).toMatchObject({
    nanos: 0,
    label: 'sandbox',
  });
});

test('the sum is rounded once, and a tie goes to the even nano-dollar', () => {
  const price = priceOf({ inputFresh: 500, outputText: 250 });
  expect(priceUsage({ inputFresh: 1 }, price).nanos).toBe(0);
  expect(priceUsage({ inputFresh: 3 }, price).nanos).toBe(2);
  expect(priceUsage({ inputFresh: 5 }, price).nanos).toBe(2);
  expect(priceUsage({ inputFresh: 1, outputText: 1 }, price).nanos).toBe(1);
  expect(priceUsage({ inputFresh: 2, outputText: 1 }, price).nanos).toBe(1);
});

const rate = fc.integer({ min: 0, max: 2_000_000_000 });
const tokens = fc.integer({ min: 0, max: 50_000_000 });
const anyRates = fc.record({
  inputFresh: rate,
  inputCacheRead: rate,
  inputCacheReadAudio: rate,
  inputCacheReadImage: rate,
  inputCacheWrite: rate,
  inputCacheWrite1h: rate,
  inputAudio: rate,
  inputImage: rate,
  outputText: rate,
  outputThinking: rate,
  outputAudio: rate,
  outputImage: rate,
});
const anyUsage: fc.Arbitrary<{ [tokenClass in keyof Usage]-?: number }> = fc.record({
  inputFresh: tokens,
  inputCacheRead: tokens,
  inputCacheReadAudio: tokens,
  inputCacheReadImage: tokens,
  inputCacheWrite: tokens,
  inputCacheWrite1h: tokens,
  inputAudio: tokens,
  inputImage: tokens,
  outputText: tokens,
  outputThinking: tokens,
  outputAudio: tokens,
  outputImage: tokens,
});

test('the cost is the exact sum over the classes, whatever its size', () => {
  fc.assert(
    fc.property(anyRates, anyUsage, (rates, usage) => {
      let picos = 0n;
      for (const name of namesOf(usage)) picos += BigInt(usage[name]) * BigInt(rates[name]);
      expect(priceUsage(usage, priceOf(rates)).nanos).toBe(halfEven(picos));
    }),
    SEED,
  );
});

test('two calls cost what one call with the tokens of both costs, but for their own rounding', () => {
  fc.assert(
    fc.property(anyRates, anyUsage, anyUsage, (rates, one, other) => {
      const both: Usage = {};
      for (const name of namesOf(one)) both[name] = one[name] + other[name];
      const price = priceOf(rates);
      const apart = priceUsage(one, price).nanos + priceUsage(other, price).nanos;
      expect(Math.abs(priceUsage(both, price).nanos - apart)).toBeLessThanOrEqual(1);
    }),
    SEED,
  );
});

test('more tokens never cost less, within one tier', () => {
  fc.assert(
    fc.property(anyRates, anyUsage, fc.tuple(tokens, fc.nat({ max: 11 })), (rates, usage, [more, which]) => {
      const price = priceOf(rates);
      const name = namesOf(usage)[which] ?? 'inputFresh';
      const grown = { ...usage, [name]: usage[name] + more };
      expect(priceUsage(grown, price).nanos).toBeGreaterThanOrEqual(priceUsage(usage, price).nanos);
    }),
    SEED,
  );
});

test('moving a token from one class to another moves its price and nothing else', () => {
  fc.assert(
    fc.property(anyRates, anyUsage, (rates, usage) => {
      const before = { ...usage, inputFresh: usage.inputFresh + 1_000 };
      const after = { ...usage, inputCacheRead: usage.inputCacheRead + 1_000 };
      const price = priceOf(rates);
      const moved = priceUsage(after, price).nanos - priceUsage(before, price).nanos;
      expect(Math.abs(moved - (rates.inputCacheRead - rates.inputFresh))).toBeLessThanOrEqual(1);
    }),
    SEED,
  );
});

function priceOf(rates: Price['rates']): Price {
  return { version: 'test', rates, tiers: [] };
}

function namesOf(usage: Usage): (keyof Usage)[] {
  return Object.keys(usage) as (keyof Usage)[];
}

function halfEven(picos: bigint): number {
  const [nanos, rest] = [picos / 1000n, picos % 1000n];
  return Number(rest > 500n || (rest === 500n && nanos % 2n === 1n) ? nanos + 1n : nanos);
}
