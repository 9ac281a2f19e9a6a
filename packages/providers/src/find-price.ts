import {
  type ConditionalPrice,
  calcPrice,
  findProvider,
  type ModelPrice,
  type Provider as PricedProvider,
  type TieredPrices,
} from '@pydantic/genai-prices';
import { findCloud } from './clouds/cloud-providers.ts';
import { findKnownProvider } from './known-providers.ts';
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
  return {
    version: `${PRICE_TABLE} ${found.provider.id}/${found.model.id}${since}`,
    rates: ratesAbove(found.model_price, -1),
    tiers: tierStarts(found.model_price).map((start) => ({
      inputTokensMin: start,
      rates: ratesAbove(found.model_price, start),
    })),
    ...soundRate(found.model_price),
    ...(validUntilMs === undefined ? {} : { validUntilMs }),
  };
}

/** The table has dollars per hour, which may not be a whole number of pico-dollars per second. */
function soundRate({ input_audio_hours: hour }: ModelPrice): Pick<Price, 'soundSecond'> {
  if (typeof hour !== 'number') return {};
  return { soundSecond: Math.round((hour * PICOS_PER_USD) / SECONDS_PER_HOUR) };
}

const PICOS_PER_USD = 1e12;
const SECONDS_PER_HOUR = 3_600;

/** The provider's entry in the price table: by address, else by id. */
export function findPricedProvider(providerId: string, baseUrl: string): PricedProvider | undefined {
  const byUrl = findProvider({ providerApiUrl: baseUrl });
  if (byUrl !== undefined) return byUrl;
  const id = (findKnownProvider(providerId) ?? findCloud(providerId))?.priceId ?? providerId;
  const byId = findProvider({ providerId: id });
  // The table also matches ids that merely contain a vendor's name; only the vendor's own id is proof.
  return byId?.id === id ? byId : undefined;
}

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
