import type { Snapshot, Target, Tenant } from '@app/gateway';
import { listModels } from '@app/providers';

/** A model with what it costs. Prices are US dollars per thousand tokens; what nobody knows is absent. */
export type PricedModel = {
  id: string;
  provider: string;
  inputUsd?: number;
  outputUsd?: number;
  contextTokens?: number;
  outputTokensMax?: number;
};

type Sources = {
  listModels: (mode: 'live' | 'test', tenant?: Tenant) => readonly { id: string; ownedBy: string }[];
  findTargets: Snapshot['findTargets'];
};

export type ListPricedModels = (mode: 'live' | 'test', tenant?: Tenant) => readonly PricedModel[];

/**
 * The models of one kind of key with their prices and sizes, as their first target has them. Built once per list of
 * models, because looking up a thousand sizes takes a while.
 */
export function createPricedModels(sources: Sources): ListPricedModels {
  const built = new WeakMap<object, readonly PricedModel[]>();
  return (mode, tenant) => {
    const models = sources.listModels(mode, tenant);
    const known = built.get(models);
    if (known !== undefined) return known;
    const sizes = createSizes();
    const priced = models.map(({ id, ownedBy }) => {
      const [target] = sources.findTargets(id, mode, tenant);
      return { id, provider: ownedBy, ...pricesOf(target), ...sizes(target) };
    });
    built.set(models, priced);
    return priced;
  };
}

/** Picodollars per token are this many times the dollars per thousand tokens. */
const PICO_PER_USD_OF_1K = 1e9;

function pricesOf(target: Target | undefined): Pick<PricedModel, 'inputUsd' | 'outputUsd'> {
  const { inputFresh, outputText } = target?.price?.rates ?? {};
  return {
    ...(inputFresh === undefined ? {} : { inputUsd: inputFresh / PICO_PER_USD_OF_1K }),
    ...(outputText === undefined ? {} : { outputUsd: outputText / PICO_PER_USD_OF_1K }),
  };
}

type Sizes = Pick<PricedModel, 'contextTokens' | 'outputTokensMax'>;

function createSizes(): (target: Target | undefined) => Sizes {
  const byProvider = new Map<string, Map<string, Sizes>>();
  return (target) => {
    if (target === undefined) return {};
    const { id, baseUrl } = target.provider;
    const known = byProvider.get(id) ?? sizesOf(id, baseUrl);
    byProvider.set(id, known);
    return known.get(target.model) ?? {};
  };
}

function sizesOf(providerId: string, baseUrl: string): Map<string, Sizes> {
  const sizes = new Map<string, Sizes>();
  for (const { id, aliases, contextTokens, outputTokensMax } of listModels(providerId, baseUrl)) {
    const size: Sizes = {
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    };
    for (const name of [id, ...aliases]) sizes.set(name, size);
  }
  return sizes;
}
