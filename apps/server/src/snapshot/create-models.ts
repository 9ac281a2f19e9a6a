import type { Target } from '@app/gateway';
import {
  findKnownProvider,
  findPrice,
  knownProviders,
  listModels,
  type Price,
  type Provider,
} from '@app/providers';
import type { ModelConfig } from './model-config.ts';
import { type ModelTable, resolveModel } from './resolve-model.ts';

/** One name of the model list. `ownedBy` is the provider that comes first for it. */
export type Model = { id: string; ownedBy: string };

/** What one kind of key can call: a value, built once from the configuration. */
export type Models = {
  findTargets(name: string): readonly Target[];
  /** Every name that can be listed. More can be called as `provider_id/model`. */
  list: readonly Model[];
  order: readonly string[];
  /** When a dated price ends and the value should be built again; undefined when none does. */
  validUntilMs(): number | undefined;
};

/** What live keys can call: the configured providers. */
export function createLiveModels(config: ModelConfig, nowMs: number): Models {
  const priceOf = createPrices(config, nowMs);
  const byId = new Map(config.providers.map(({ provider }) => [provider.id, provider]));
  const targetAt = (provider: Provider, model: string): Target => ({
    provider,
    model,
    price: priceOf.find(provider, model),
  });
  const served = new Map<string, Target[]>();
  for (const { provider, models } of config.providers) {
    for (const name of models ?? catalogNames(provider.id, provider.baseUrl)) {
      served.set(name, [...(served.get(name) ?? []), targetAt(provider, name)]);
    }
  }
  const table = tableOf(config, served, (providerId, rest) => {
    const provider = byId.get(providerId);
    return provider === undefined ? undefined : targetAt(provider, rest);
  });
  return modelsOf(table, priceOf.validUntilMs);
}

/** The provider that answers test keys, and the names that make it answer in special ways. */
export type SandboxConfig = { provider: Provider; models: readonly string[] };

/**
 * What test keys can call: every name a live key could, those of all known providers, and the sandbox's own. The
 * sandbox answers them all.
 */
export function createTestModels(config: ModelConfig, sandbox: SandboxConfig): Models {
  const answer = (model: string): Target => ({ provider: sandbox.provider, model, price: undefined });
  const served = new Map<string, Target[]>();
  const serve = (names: readonly string[]) => {
    for (const name of names) served.set(name, [answer(name)]);
  };
  for (const { provider, models } of config.providers) {
    serve(models ?? catalogNames(provider.id, provider.baseUrl));
  }
  serve(sandbox.models);
  for (const [id, { baseUrl }] of Object.entries(knownProviders)) serve(catalogNames(id, baseUrl));
  const configured = new Set(config.providers.map(({ provider }) => provider.id));
  const table = tableOf(config, served, (providerId, rest) => {
    if (providerId === sandbox.provider.id) return answer(`${providerId}/${rest}`);
    const isKnown = configured.has(providerId) || findKnownProvider(providerId) !== undefined;
    return isKnown ? answer(rest) : undefined;
  });
  return modelsOf(table, () => undefined);
}

function modelsOf(table: ModelTable, validUntilMs: Models['validUntilMs']): Models {
  return {
    findTargets: (name) => resolveModel(table, name),
    list: [...table.named].map(([id, targets]) => ({ id, ownedBy: targets[0]?.provider.id ?? '' })),
    order: table.order,
    validUntilMs,
  };
}

function tableOf(
  config: ModelConfig,
  served: ReadonlyMap<string, readonly Target[]>,
  findAt: ModelTable['findAt'],
): ModelTable {
  const order = config.modelOrder.length > 0 ? config.modelOrder : [...served.keys()];
  const plain: ModelTable = { named: served, findAt, order };
  const named = new Map<string, readonly Target[]>();
  for (const alias of Object.keys(config.aliases)) {
    const targets = resolveAlias(config, plain, [alias]);
    if (targets.length > 0) named.set(alias, targets);
  }
  for (const [name, targets] of served) if (!named.has(name)) named.set(name, targets);
  return { named, findAt, order };
}

/** `path` holds the aliases on the way here: one that leads back to itself means the model of that name. */
function resolveAlias(config: ModelConfig, plain: ModelTable, path: readonly string[]): readonly Target[] {
  const names = config.aliases[path.at(-1) ?? ''] ?? [];
  return names.flatMap((name) => {
    const isAlias = Object.hasOwn(config.aliases, name) && !path.includes(name);
    return isAlias ? resolveAlias(config, plain, [...path, name]) : resolveModel(plain, name);
  });
}

function catalogNames(providerId: string, baseUrl: string): string[] {
  return listModels(providerId, baseUrl).flatMap((model) => [model.id, ...model.aliases]);
}

/** Names that callers write as `provider/model` are looked up while they call, and kept so that each is once. */
const PRICES_MAX = 10_000;

function createPrices(config: ModelConfig, nowMs: number) {
  const known = new Map<string, Price | undefined>();
  let validUntilMs: number | undefined;
  const lookUp = (provider: Provider, model: string): Price | undefined => {
    const own = config.prices?.[`${provider.id}/${model}`];
    if (own !== undefined) return own;
    return findPrice({ providerId: provider.id, baseUrl: provider.baseUrl, model, at: new Date(nowMs) });
  };
  return {
    find: (provider: Provider, model: string): Price | undefined => {
      const name = `${provider.id}/${model}`;
      if (known.has(name)) return known.get(name);
      const price = lookUp(provider, model);
      if (known.size < PRICES_MAX) known.set(name, price);
      if (price?.validUntilMs !== undefined) {
        validUntilMs = Math.min(price.validUntilMs, validUntilMs ?? price.validUntilMs);
      }
      return price;
    },
    validUntilMs: () => validUntilMs,
  };
}
