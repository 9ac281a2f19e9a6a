import { type Price, type Provider, picoRate, providerRow, Secret } from '@app/providers';
import type { Config } from '../config.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';

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

type ProviderEntry = Config['file']['providers'][number];

/** The row of one configured provider. Throws an `Error` with a sentence when its address cannot be used. */
export function readProvider({ id, dialect, base_url: baseUrl, api_key: key }: ProviderEntry): Provider {
  return providerRow({ id, dialect, baseUrl, secret: key === undefined ? undefined : new Secret(key) });
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
