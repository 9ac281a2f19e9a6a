import type { Config } from '../config.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import { readPrice } from './read-price.ts';
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
    prices: told(file.models, ({ price }) => (price === undefined ? undefined : readPrice(price))),
    discounts: {
      ...told(file.providers, ({ discount_percent: percent }) => percent),
      ...told(file.models, ({ discount_percent: percent }) => percent),
    },
    outputTokensMax: told(file.models, ({ max_output_tokens: tokens }) => tokens),
  };
}

/** What some entries say, by their ids. */
function told<Entry extends { id: string }, Value>(
  entries: readonly Entry[],
  find: (entry: Entry) => Value | undefined,
): { [id: string]: Value } {
  const values: { [id: string]: Value } = {};
  for (const entry of entries) {
    const value = find(entry);
    if (value !== undefined) values[entry.id] = value;
  }
  return values;
}
