import { createHash } from 'node:crypto';
import { type Price, picoRate, type Rates, type Ratio, type ServiceTier } from '@app/providers';
import type { PriceEntry } from '../config/price-config.ts';

/**
 * The operator's own price of a model. Its version is a digest of what the file says, so that a cost can be traced to the
 * very figures it was made from.
 */
export function readPrice(entry: PriceEntry): Price {
  const { tiers, service_tiers: queues, requests, sound_hour: hour } = entry;
  const digest = createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 12);
  const toolFees = readFees(entry.tool_fees);
  return {
    version: `operator ${digest}`,
    rates: readRates(entry),
    tiers: tiers
      .map((tier) => ({ inputTokensMin: tier.above_input_tokens, rates: readRates(tier) }))
      .sort((a, b) => b.inputTokensMin - a.inputTokensMin),
    ...(Object.keys(queues).length === 0 ? {} : { serviceTiers: readQueues(queues) }),
    ...(Object.keys(toolFees).length === 0 ? {} : { toolFees }),
    ...(requests === undefined ? {} : { requestFee: picosPerUse(requests) }),
    ...(hour === undefined ? {} : { soundHour: picoRate(hour) * PER_MILLION }),
  };
}

type RatesEntry = { [name in (typeof CLASSES)[number][1]]?: string | undefined };

const CLASSES = [
  ['inputFresh', 'input'],
  ['inputCacheRead', 'cache_read'],
  ['inputCacheReadAudio', 'cache_read_audio'],
  ['inputCacheReadImage', 'cache_read_image'],
  ['inputCacheWrite', 'cache_write'],
  ['inputCacheWrite1h', 'cache_write_1h'],
  ['inputAudio', 'input_audio'],
  ['inputImage', 'input_image'],
  ['outputText', 'output'],
  ['outputThinking', 'thinking'],
  ['outputAudio', 'output_audio'],
  ['outputImage', 'output_image'],
] as const;

function readRates(entry: RatesEntry): Rates {
  const rates: Rates = {};
  for (const [tokenClass, name] of CLASSES) {
    const value = entry[name];
    if (value !== undefined) rates[tokenClass] = picoRate(value);
  }
  return rates;
}

function readQueues(queues: PriceEntry['service_tiers']): { [tier: string]: ServiceTier } {
  return Object.fromEntries(
    Object.entries(queues).map(([name, { times, ...rates }]): [string, ServiceTier] => [
      name,
      times === undefined ? { rates: readRates(rates) } : { times: readTimes(times) },
    ]),
  );
}

function readTimes(text: string): Ratio {
  const [whole = '', fraction = ''] = text.split('.');
  return { numerator: Number(whole + fraction), denominator: 10 ** fraction.length };
}

const TOOLS = [
  ['webSearch', 'web_search'],
  ['webFetch', 'web_fetch'],
  ['fileSearch', 'file_search'],
  ['codeExecution', 'code_execution'],
  ['mapSearch', 'map_search'],
  ['socialSearch', 'social_search'],
  ['imageGeneration', 'image_generation'],
] as const;

function readFees(fees: PriceEntry['tool_fees']): NonNullable<Price['toolFees']> {
  return Object.fromEntries(
    TOOLS.flatMap(([tool, name]) => {
      const dollars = fees[name];
      return dollars === undefined ? [] : [[tool, picosPerUse(dollars)]];
    }),
  );
}

/** From dollars per thousand. */
function picosPerUse(dollars: string): number {
  return picoRate(dollars) * 1_000;
}

const PER_MILLION = 1_000_000;
