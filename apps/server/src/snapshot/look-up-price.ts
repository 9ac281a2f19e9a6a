import { discountPrice, findPrice, type Price, type Provider } from '@app/providers';
import type { ModelConfig } from './model-config.ts';

export type PriceLookUp = { provider: Pick<Provider, 'id' | 'baseUrl'>; model: string; atMs: number };

/** What a model costs at a moment: the operator's own price, else the price table's of that day, less what a contract takes off. */
export function lookUpPrice(
  { prices = {}, discounts = {} }: Pick<ModelConfig, 'prices' | 'discounts'>,
  { provider, model, atMs }: PriceLookUp,
): Price | undefined {
  const name = `${provider.id}/${model}`;
  const own = find(prices, name);
  const { id: providerId, baseUrl } = provider;
  const price = own ?? findPrice({ providerId, baseUrl, model, at: new Date(atMs) });
  if (price === undefined) return undefined;
  const percent = find(discounts, name) ?? (own === undefined ? find(discounts, provider.id) : undefined);
  return percent === undefined ? price : discountPrice(price, percent);
}

/** Ids are the operator's own words, and `constructor` may be one. */
function find<Value>(values: { readonly [id: string]: Value }, id: string): Value | undefined {
  return Object.hasOwn(values, id) ? values[id] : undefined;
}
