import { lookUpPrice } from '../snapshot/look-up-price.ts';
import type { ModelConfig } from '../snapshot/model-config.ts';
import type { FindPrice } from './reprice-call.ts';

/** Dated prices change at midnight or at an hour; within a quarter of one they are the same. */
const STEP_MS = 900_000;
const KEPT_MAX = 50_000;

/** The prices of any day, as the operator's file and the price table have them now. Keeps what it found. */
export function createFindPrice(config: Pick<ModelConfig, 'providers' | 'prices' | 'discounts'>): FindPrice {
  const baseUrls = new Map(config.providers.map(({ provider }) => [provider.id, provider.baseUrl]));
  const known = new Map<string, ReturnType<FindPrice>>();
  return ({ provider: id, model, atMs }) => {
    const stepMs = Math.floor(atMs / STEP_MS) * STEP_MS;
    const name = `${stepMs} ${id}/${model}`;
    if (known.has(name)) return known.get(name);
    const provider = { id, baseUrl: baseUrls.get(id) ?? '' };
    const price = lookUpPrice(config, { provider, model, atMs: stepMs });
    if (known.size >= KEPT_MAX) known.clear();
    known.set(name, price);
    return price;
  };
}
