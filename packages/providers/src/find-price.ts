import type { ToolUses } from '@app/protocol';
import {
  type ConditionalPrice,
  calcPrice,
  type ModelInfo,
  type ModelPrice,
  type TieredPrices,
} from '@pydantic/genai-prices';
import { findBillingRule, tiersAndGeos } from './billing-rules.ts';
import { findOutputTokensMax } from './find-output-tokens-max.ts';
import { findPricedProvider } from './find-priced-provider.ts';
import { picoRate } from './pico-rate.ts';
import type { Price, Rates } from './price.ts';

export type PriceQuestion = { providerId: string; baseUrl: string; model: string; at: Date };

/**
 * What a provider's model costs at a moment, from the bundled price table; `undefined` when the table does not know it.
 *
 * The provider is recognised by its base URL, else by its id, never by the model's name alone: a model server of one's
 * own is not billed like the vendor whose model it runs. Takes tens of microseconds: look up once, keep the price.
 */
export function findPrice(question: PriceQuestion): Price | undefined {
  const provider = findPricedProvider(question.providerId, question.baseUrl);
  if (provider === undefined) return undefined;
  const found = lookUp(provider.id, question);
  if (found === undefined) return undefined;
  const entry = dated(found.model.prices).find((candidate) => candidate.prices === found.model_price);
  const since = entry?.constraint?.type === 'start_date' ? ` since ${entry.constraint.start_date}` : '';
  const validUntilMs = nextChangeMs(dated(found.model.prices), question.at);
  const { contextTokens, outputTokensMax } = sizesOf(found.provider.id, found.model);
  return {
    version: `${PRICE_TABLE} ${found.provider.id}/${found.model.id}${since}`,
    rates: ratesAbove(found.model_price, -1),
    tiers: tierStarts(found.model_price).map((start) => ({
      inputTokensMin: start,
      rates: ratesAbove(found.model_price, start),
    })),
    ...tiersAndGeos(findBillingRule(found.provider.id), found.model.id),
    ...feesOf(found.provider.id, found.model.id, found.model_price),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    ...(validUntilMs === undefined ? {} : { validUntilMs }),
  };
}

function sizesOf(
  providerId: string,
  model: ModelInfo,
): { contextTokens: number | undefined; outputTokensMax: number | undefined } {
  return { contextTokens: model.context_window, outputTokensMax: findOutputTokensMax(providerId, model.id) };
}

/** What is billed by the use, the request or the hour. */
function feesOf(
  providerId: string,
  model: string,
  prices: ModelPrice,
): Pick<Price, 'toolFees' | 'isFeeEstimated' | 'isFeePerReply' | 'isOnePriced' | 'requestFee' | 'soundHour'> {
  const rule = findBillingRule(providerId);
  const toolFees: { [tool in keyof ToolUses]?: number } = {};
  for (const [tool, rows] of Object.entries(rule.toolFees ?? {})) {
    const row = rows.find(([models]) => models.test(model));
    if (row !== undefined) toolFees[tool as keyof ToolUses] = picosPerUse(row[1]);
  }
  for (const [tool, key] of FEE_KEYS) {
    const dollars = prices[key];
    if (typeof dollars === 'number') toolFees[tool] = picosPerUse(dollars);
  }
  const { requests_kcount: requests, input_audio_hours: hour } = prices;
  const isFeeEstimated = rule.hasFreeUses === true || typeof requests === 'number';
  return {
    ...(Object.keys(toolFees).length === 0 ? {} : { toolFees }),
    ...(isFeeEstimated ? { isFeeEstimated } : {}),
    ...(rule.feePerReply?.test(model) === true ? { isFeePerReply: true } : {}),
    ...(rule.hasOnePrice === true ? { isOnePriced: true } : {}),
    ...(typeof requests === 'number' ? { requestFee: picosPerUse(requests) } : {}),
    ...(typeof hour === 'number' ? { soundHour: picoRate(hour) * PER_MILLION } : {}),
  };
}

const FEE_KEYS = [
  ['webSearch', 'web_searches_kcount'],
  ['fileSearch', 'storage_searches_kcount'],
] as const;

/** From dollars per thousand. */
function picosPerUse(dollars: number | string): number {
  return picoRate(dollars) * 1_000;
}

const PER_MILLION = 1_000_000;

/** The package and the day it was published. */
const PRICE_TABLE = 'genai-prices 0.1.8 (2026-09-23)';

function lookUp(providerId: string, { model, at }: PriceQuestion) {
  try {
    return calcPrice({}, model, { providerId, timestamp: at }) ?? undefined;
  } catch {
    // The package throws on an entry it finds inconsistent: to us a price that is not known.
    return undefined;
  }
}

const PRICE_KEYS = [
  ['inputFresh', 'input_mtok'],
  ['inputCacheRead', 'cache_read_mtok'],
  ['inputCacheReadAudio', 'cache_audio_read_mtok'],
  ['inputCacheReadImage', 'cache_image_read_mtok'],
  ['inputCacheWrite', 'cache_write_mtok'],
  ['inputCacheWrite1h', 'cache_write_1h_mtok'],
  ['inputAudio', 'input_audio_mtok'],
  ['inputImage', 'input_image_mtok'],
  ['outputText', 'output_mtok'],
  ['outputThinking', 'output_reasoning_mtok'],
  ['outputAudio', 'output_audio_mtok'],
  ['outputImage', 'output_image_mtok'],
] as const;

function ratesAbove(prices: ModelPrice, inputTokens: number): Rates {
  const rates: Rates = {};
  for (const [tokenClass, key] of PRICE_KEYS) {
    const price = prices[key];
    if (price === undefined) continue;
    rates[tokenClass] = picoRate(typeof price === 'number' ? price : tierPrice(price, inputTokens));
  }
  return rates;
}

function tierPrice(price: TieredPrices, inputTokens: number): number {
  const reached = price.tiers.filter((tier) => tier.start <= inputTokens).sort((a, b) => b.start - a.start);
  return reached[0]?.price ?? price.base;
}

/** Largest first. Classes may have tiers of their own; each border starts a tier with every class's rate there. */
function tierStarts(prices: ModelPrice): number[] {
  const starts = new Set<number>();
  for (const [, key] of PRICE_KEYS) {
    const price = prices[key];
    if (typeof price === 'object') for (const tier of price.tiers) starts.add(tier.start);
  }
  return [...starts].sort((a, b) => b - a);
}

function dated(prices: ConditionalPrice[] | ModelPrice): ConditionalPrice[] {
  return Array.isArray(prices) ? (prices as ConditionalPrice[]) : [];
}

/** The first moment after `at` at which one of the entry's conditions changes its answer. */
function nextChangeMs(entries: ConditionalPrice[], at: Date): number | undefined {
  const day = at.toISOString().slice(0, 10);
  const moments: number[] = [];
  for (const { constraint } of entries) {
    if (constraint === undefined) continue;
    if (constraint.type === 'start_date') {
      moments.push(Date.parse(constraint.start_date));
      continue;
    }
    for (const time of [constraint.start_time, constraint.end_time]) {
      const today = Date.parse(`${day}T${time}`);
      moments.push(today, today + 86_400_000);
    }
  }
  const later = moments.filter((moment) => moment > at.getTime());
  return later.length === 0 ? undefined : Math.min(...later);
}
