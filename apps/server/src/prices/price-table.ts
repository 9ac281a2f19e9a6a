import type { PriceTable } from '@app/tracing';
import type { ModelConfig } from '../snapshot/model-config.ts';

/** What calls that others tell us of are priced by, as plain data for the thread that prices them. */
export function priceTable(config: Pick<ModelConfig, 'providers' | 'prices' | 'discounts'>): PriceTable {
  const { providers, prices = {}, discounts = {} } = config;
  const baseUrls = Object.fromEntries(providers.map(({ provider }) => [provider.id, provider.baseUrl]));
  return { baseUrls, prices, discounts };
}
