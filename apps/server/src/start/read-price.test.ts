import { findPrice, type Price, priceUsage } from '@app/providers';
import { aProvider } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { Discount, PriceEntry } from '../config/price-config.ts';
import { createLiveModels } from '../snapshot/create-models.ts';
import { lookUpPrice } from '../snapshot/look-up-price.ts';
import { readPrice } from './read-price.ts';

const read = (entry: object): Price => readPrice(PriceEntry.parse({ input: 3, output: '15', ...entry }));

describe('an operator’s own price', () => {
  test('has every class of tokens, to the last digit that was written', () => {
    const price = read({
      cache_read: 0.3,
      cache_read_audio: '0.4',
      cache_read_image: 0.5,
      cache_write: 3.75,
      cache_write_1h: 6,
      input_audio: 0.000001,
      input_image: 2,
      thinking: 14,
      output_audio: 20,
      output_image: 30,
    });
    expect(price.rates).toEqual({
      inputFresh: 3_000_000,
      inputCacheRead: 300_000,
      inputCacheReadAudio: 400_000,
      inputCacheReadImage: 500_000,
      inputCacheWrite: 3_750_000,
      inputCacheWrite1h: 6_000_000,
      inputAudio: 1,
      inputImage: 2_000_000,
      outputText: 15_000_000,
      outputThinking: 14_000_000,
      outputAudio: 20_000_000,
      outputImage: 30_000_000,
    });
  });

  test('has tiers, queues, fees, requests and sound, and each is charged', () => {
    const price = read({
      tiers: [
        { above_input_tokens: 100, input: 4, output: 16 },
        { above_input_tokens: 1_000, input: 6, output: 30 },
      ],
      service_tiers: { flex: { times: '0.25' }, mine: { input: 1, output: 2 } },
      tool_fees: { web_search: 10 },
      requests: 5,
    });
    const nanos = (inputFresh: number, more = {}) => priceUsage({ inputFresh }, price, more).nanos;
    const request = 5_000_000;
    expect(nanos(100)).toBe(300_000 + request);
    expect(nanos(101)).toBe(404_000 + request);
    expect(nanos(1_001)).toBe(6_006_000 + request);
    expect(nanos(100, { serviceTier: 'flex' })).toBe(75_000 + request);
    expect(nanos(100, { serviceTier: 'mine', toolUses: { webSearch: 3 } })).toBe(
      100_000 + 30_000_000 + request,
    );
    const transcriber = read({ sound_hour: '0.36' });
    expect(priceUsage({}, transcriber, { soundMs: 10_000 })).toMatchObject({
      nanos: 1_000_000,
      label: 'exact',
    });
  });

  test('of nothing is known to be nothing: a model of one’s own is free, and exactly so', () => {
    const price = readPrice(PriceEntry.parse({ input: 0, output: 0 }));
    expect(priceUsage({ inputFresh: 9, outputText: 9 }, price)).toMatchObject({ nanos: 0, label: 'exact' });
  });

  test('has a version that changes with its figures and with nothing else', () => {
    expect(read({}).version).toMatch(/^operator [0-9a-f]{12}$/);
    expect(read({}).version).toBe(read({}).version);
    expect(read({ cache_read: 1 }).version).not.toBe(read({}).version);
  });

  test.each([
    ['more digits than a price has', { input: '0.0000001' }],
    ['a negative price', { input: -1 }],
    ['a queue with neither a multiple nor rates', { service_tiers: { flex: {} } }],
    ['a queue with both', { service_tiers: { flex: { times: 2, input: 1, output: 1 } } }],
    ['a queue with rates for one way', { service_tiers: { flex: { input: 1 } } }],
    ['a tool nobody knows', { tool_fees: { teleport: 1 } }],
    ['a price without output', { output: undefined }],
  ])('%s is refused', (_what, entry) => {
    expect(PriceEntry.safeParse({ input: 3, output: 15, ...entry }).success).toBe(false);
  });

  test.each(['-1', '100.5', '101', 'all'])('a discount of %s is refused', (percent) => {
    expect(Discount.safeParse(percent).success).toBe(false);
  });
});

describe('the price of a model', () => {
  const openai = aProvider({ id: 'openai', baseUrl: 'https://api.openai.com/v1' });
  const atMs = Date.parse('2026-11-01T00:00:00Z');
  const own: Price = {
    version: 'operator',
    rates: { inputFresh: 1_000_000, outputText: 1_000_000 },
    tiers: [],
  };

  test('is less by its provider’s discount where the table has it, and by its own where it has one', () => {
    const config = {
      prices: { 'openai/tuned': own, 'openai/other': own },
      discounts: { openai: '10', 'openai/gpt-5': '25', 'openai/other': '50' },
    };
    const nanos = (model: string) =>
      priceUsage({ inputFresh: 1_000 }, lookUpPrice(config, { provider: openai, model, atMs })).nanos;
    expect(nanos('gpt-4o')).toBe(2_250_000);
    expect(nanos('gpt-5')).toBe(937_500);
    expect(nanos('tuned')).toBe(1_000_000);
    expect(nanos('other')).toBe(500_000);
  });

  test('is that of the day that is asked for', () => {
    const at = (day: string) =>
      lookUpPrice({}, { provider: openai, model: 'o3', atMs: Date.parse(day) })?.rates.inputFresh;
    expect(at('2025-06-09')).toBe(10_000_000);
    expect(at('2025-06-10')).toBe(2_000_000);
  });

  test('comes with the most that the model writes: what the operator says, else what is known', () => {
    const models = createLiveModels(
      {
        providers: [{ provider: openai, models: ['gpt-4o', 'gpt-4o-mini', 'tuned'] }],
        aliases: {},
        modelOrder: [],
        outputTokensMax: { 'openai/gpt-4o': 1_000 },
      },
      atMs,
    );
    const most = (model: string) => models.findTargets(model)[0]?.outputTokensMax;
    expect(most('gpt-4o')).toBe(1_000);
    expect(most('gpt-4o-mini')).toBe(16_384);
    expect(most('tuned')).toBeUndefined();
    const question = { providerId: 'openai', baseUrl: openai.baseUrl, model: 'gpt-4o', at: new Date(atMs) };
    expect(models.findTargets('gpt-4o')[0]?.price).toEqual(findPrice(question));
  });

  test('of a provider with the name of every object’s member is not found among them', () => {
    const provider = aProvider({ id: 'constructor', baseUrl: 'http://127.0.0.1:1' });
    expect(lookUpPrice({ discounts: {} }, { provider, model: 'm', atMs })).toBeUndefined();
  });
});
