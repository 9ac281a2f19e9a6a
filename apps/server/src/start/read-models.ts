import { type Price, picoRate } from '@app/providers';
import type { Config } from '../config.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import { readProvider } from './read-provider.ts';

/** The configuration's providers, names and prices in the form that the snapshot is built from. */
export function readModels({ file }: Config): ModelConfig {
  return {
    providers: file.providers.map((entry) => ({
      provider: readProvider(entry),
      models: entry.models,
    })),
    aliases: file.aliases,
    modelOrder: file.defaults.model_order,
    prices: Object.fromEntries(file.models.map(({ id, price }) => [id, ownPrice(price)])),
  };
}

type PriceEntry = Config['file']['models'][number]['price'];

function ownPrice({ input, output, cache_read, cache_write, cache_write_1h }: PriceEntry): Price {
  return {
    version: 'operator',
    rates: {
      inputFresh: picoRate(input),
      outputText: picoRate(output),
      ...(cache_read === undefined ? {} : { inputCacheRead: picoRate(cache_read) }),
      ...(cache_write === undefined ? {} : { inputCacheWrite: picoRate(cache_write) }),
      ...(cache_write_1h === undefined ? {} : { inputCacheWrite1h: picoRate(cache_write_1h) }),
    },
    tiers: [],
  };
}
