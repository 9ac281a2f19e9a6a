import { discountPrice, findPrice, type Price } from '@app/providers';

/** The operator's own prices and discounts, and where each configured provider is reached: plain data for a thread. */
export type PriceTable = {
  /** By the id of the provider. */
  baseUrls: { readonly [provider: string]: string };
  /** By `provider/model`; they replace the bundled table's. */
  prices: { readonly [providerAndModel: string]: Price };
  /** Percentages as decimals; that of a provider holds for the bundled table's prices alone. */
  discounts: { readonly [providerOrProviderAndModel: string]: string };
};

/** What a model of a provider cost at a moment; undefined when nobody knows. */
export type PriceOf = (provider: string, model: string, atMs: number) => Price | undefined;

export const NO_PRICES: PriceTable = { baseUrls: {}, prices: {}, discounts: {} };

/** Dated prices change at midnight or at an hour; within a quarter of one they are the same. */
const STEP_MS = 900_000;
/** What is not known costs as much to look up, and senders name what they like. */
const KEPT_MAX = 20_000;

/** Prices of any day. Keeps what it found, because looking one up takes tens of microseconds. */
export function createPriceOf({ baseUrls, prices, discounts }: PriceTable): PriceOf {
  const known = new Map<string, Price | undefined>();
  return (provider, model, atMs) => {
    const step = Math.floor(atMs / STEP_MS);
    const key = `${step} ${provider}/${model}`;
    const kept = known.get(key);
    if (kept !== undefined || known.has(key)) return kept;
    const name = `${provider}/${model}`;
    const own = find(prices, name);
    const baseUrl = find(baseUrls, provider) ?? '';
    const found = own ?? findPrice({ providerId: provider, baseUrl, model, at: new Date(step * STEP_MS) });
    const percent = find(discounts, name) ?? (own === undefined ? find(discounts, provider) : undefined);
    const price = found === undefined || percent === undefined ? found : discountPrice(found, percent);
    if (known.size >= KEPT_MAX) known.clear();
    known.set(key, price);
    return price;
  };
}

/** Ids are a sender's own words, and `constructor` may be one. */
function find<Value>(values: { readonly [id: string]: Value }, id: string): Value | undefined {
  return Object.hasOwn(values, id) ? values[id] : undefined;
}
