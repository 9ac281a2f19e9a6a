import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPrice } from './find-price.ts';
import { listModels } from './list-models.ts';
import { priceUsage } from './price-usage.ts';

const at = new Date('2026-11-01T12:00:00Z');
const openai = { providerId: 'openai', baseUrl: 'https://api.openai.com/v1', at };

test('rates are integer pico-dollars per token for every class the table names', () => {
  expect(findPrice({ ...openai, model: 'gpt-realtime' })?.rates).toEqual({
    inputFresh: 4_000_000,
    inputCacheRead: 400_000,
    inputCacheReadAudio: 400_000,
    inputCacheReadImage: 500_000,
    inputAudio: 32_000_000,
    inputImage: 5_000_000,
    outputText: 16_000_000,
    outputAudio: 64_000_000,
  });
});

test('images that a model makes have the rate of their own tokens', () => {
  const model = 'gemini-2.5-flash-image';
  const google = { providerId: 'google', baseUrl: '', at };
  const rates = findPrice({ ...google, model })?.rates;
  expect(rates?.outputImage).toBe(30_000_000);
  expect(
    priceUsage({ inputFresh: 10, outputText: 5, outputImage: 1_290 }, findPrice({ ...google, model })),
  ).toEqual(expect.objectContaining({ label: 'exact' }));
});

test('the version names the package that is installed, the entry that matched and the day its price began', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const version = findPrice({ ...openai, model: 'o3-2025-04-16' })?.version;
  expect(version).toBe(
    `genai-prices ${dependencies['@pydantic/genai-prices']} (2026-09-23) openai/o3 since 2025-06-10`,
  );
});

test('tiers come largest first and carry the rates of every class', () => {
  const google = { providerId: 'google', baseUrl: 'https://generativelanguage.googleapis.com', at };
  expect(findPrice({ ...google, model: 'gemini-2.5-pro' })?.tiers).toEqual([
    {
      inputTokensMin: 200_000,
      rates: { inputFresh: 2_500_000, inputCacheRead: 250_000, outputText: 15_000_000 },
    },
  ]);
});

test('a provider is recognised by its address under any id, and by its own id behind a proxy', () => {
  const model = 'gpt-4o';
  const price = findPrice({ ...openai, model });
  expect(price).toBeDefined();
  expect(findPrice({ ...openai, providerId: 'team-a', model })).toEqual(price);
  expect(findPrice({ ...openai, baseUrl: 'http://127.0.0.1:9/v1', model })).toEqual(price);
  expect(
    findPrice({ providerId: 'xai', baseUrl: 'http://127.0.0.1:9', model: 'grok-3', at })?.version,
  ).toContain('x-ai/grok-3');
});

test('a model server of one\u2019s own has no price, though it serves a model of a known name', () => {
  const own = { providerId: 'my-openai-like-server', baseUrl: 'http://127.0.0.1:8000/v1', at };
  expect(findPrice({ ...own, model: 'gpt-4o' })).toBeUndefined();
  expect(findPrice({ ...own, providerId: 'constructor', model: 'gpt-4o' })).toBeUndefined();
});

test('a price that changes says until when it holds', () => {
  const deepseek = { providerId: 'deepseek', baseUrl: 'https://api.deepseek.com/v1', model: 'deepseek-chat' };
  const day = findPrice({ ...deepseek, at });
  const night = findPrice({ ...deepseek, at: new Date('2026-11-01T20:00:00Z') });
  expect(day?.validUntilMs).toBe(Date.parse('2026-11-01T16:30:00Z'));
  expect(night?.validUntilMs).toBe(Date.parse('2026-11-02T00:30:00Z'));
  expect(day?.rates.inputFresh).toBe(270_000);
  expect(night?.rates.inputFresh).toBe(135_000);
  expect(findPrice({ ...openai, model: 'gpt-4o' })?.validUntilMs).toBeUndefined();
});

test('for every listed model and any text usage we agree with the table\u2019s own sum, to its floating-point error', () => {
  const models = ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'x-ai', 'groq'].flatMap(
    (providerId) => listModels(providerId).map(({ id }) => ({ providerId, model: id })),
  );
  const tokens = fc.oneof(fc.constant(0), fc.nat({ max: 5_000 }), fc.nat({ max: 600_000 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...models),
      fc.array(tokens, { minLength: 5, maxLength: 5 }),
      (asked, counts) => {
        const [
          inputFresh = 0,
          inputCacheRead = 0,
          inputCacheWrite = 0,
          inputCacheWrite1h = 0,
          outputText = 0,
        ] = counts;
        const usage = { inputFresh, inputCacheRead, inputCacheWrite, inputCacheWrite1h, outputText };
        const theirs = calcPrice(
          {
            input_tokens: inputFresh + inputCacheRead + inputCacheWrite + inputCacheWrite1h,
            cache_read_tokens: inputCacheRead,
            cache_write_tokens: inputCacheWrite + inputCacheWrite1h,
            cache_write_1h_tokens: inputCacheWrite1h,
            output_tokens: outputText,
          },
          asked.model,
          { providerId: asked.providerId, timestamp: at },
        );
        const ours = priceUsage(usage, findPrice({ ...asked, baseUrl: '', at }));
        const expected = (theirs?.total_price ?? 0) * 1e9;
        expect(Math.abs(ours.nanos - expected)).toBeLessThanOrEqual(0.51 + expected * 1e-12);
      },
    ),
    { seed: 17, numRuns: 1_000 },
  );
});
