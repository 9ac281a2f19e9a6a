import type { Target } from '@app/gateway';
import {
  findKnownProvider,
  isSandboxModel,
  knownProviders,
  listModels,
  type Price,
  type Provider,
} from '@app/providers';
import { lookUpPrice } from './look-up-price.ts';
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
  const targetAt = (provider: Provider, model: string): Target => {
    const price = priceOf.find(provider, model);
    const name = `${provider.id}/${model}`;
    const told = config.outputTokensMax;
    const tokens = told !== undefined && Object.hasOwn(told, name) ? told[name] : price?.outputTokensMax;
    return { provider, model, price, ...(tokens === undefined ? {} : { outputTokensMax: tokens }) };
  };
  const served = new Map<string, Target[]>();
  for (const { provider, models } of config.providers) {
    for (const name of namesOf(provider, models)) {
      served.set(name, [...(served.get(name) ?? []), targetAt(provider, name)]);
    }
  }
  const order = config.modelOrder.length > 0 ? config.modelOrder : [...served.keys()];
  const findAt = (providerId: string, rest: string) => {
    const provider = byId.get(providerId);
    return provider === undefined ? undefined : targetAt(provider, rest);
  };
  return modelsOf(withAliases(config, { named: served, findAt, order }), priceOf.validUntilMs);
}

/** The provider that answers test keys, and the names that only it has; the first is tried when nothing else is configured. */
export type SandboxConfig = { provider: Provider; models: readonly string[] };

/**
 * What test keys can call: every name a live key could, those of all known providers, and the sandbox's own. The
 * sandbox answers them all.
 */
export function createTestModels(config: ModelConfig, sandbox: SandboxConfig): Models {
  const answer = (model: string): Target => ({ provider: sandbox.provider, model, price: undefined });
  const configured = config.providers.flatMap(({ provider, models }) => namesOf(provider, models));
  const known = Object.entries(knownProviders).flatMap(([id, { baseUrl }]) => catalogNames(id, baseUrl));
  const named = new Map([...configured, ...known, ...sandbox.models].map((name) => [name, [answer(name)]]));
  const order = config.modelOrder.length > 0 ? config.modelOrder : configured;
  const isConfigured = (id: string) => config.providers.some(({ provider }) => provider.id === id);
  const findAt = (providerId: string, rest: string) => {
    const name = `${providerId}/${rest}`;
    if (providerId === sandbox.provider.id) return isSandboxModel(name) ? answer(name) : undefined;
    return isConfigured(providerId) || findKnownProvider(providerId) !== undefined ? answer(rest) : undefined;
  };
  const table = { named, findAt, order: order.length > 0 ? order : sandbox.models.slice(0, 1) };
  return modelsOf(withAliases(config, table), () => undefined);
}

function modelsOf(table: ModelTable, validUntilMs: Models['validUntilMs']): Models {
  return {
    findTargets: (name) => resolveModel(table, name),
    list: [...table.named].map(([id, targets]) => ({ id, ownedBy: targets[0]?.provider.id ?? '' })),
    order: table.order,
    validUntilMs,
  };
}

/** The same table, with the operator's own names before all others. */
function withAliases(config: ModelConfig, plain: ModelTable): ModelTable {
  const named = new Map<string, readonly Target[]>();
  for (const alias of Object.keys(config.aliases)) {
    const targets = resolveAlias(config, plain, [alias]);
    if (targets.length > 0) named.set(alias, targets);
  }
  for (const [name, targets] of plain.named) if (!named.has(name)) named.set(name, targets);
  return { ...plain, named };
}

/** `path` holds the aliases on the way here: one that leads back to itself means the model of that name. */
function resolveAlias(config: ModelConfig, plain: ModelTable, path: readonly string[]): readonly Target[] {
  const names = config.aliases[path.at(-1) ?? ''] ?? [];
  return names.flatMap((name) => {
    const isAlias = Object.hasOwn(config.aliases, name) && !path.includes(name);
    return isAlias ? resolveAlias(config, plain, [...path, name]) : resolveModel(plain, name);
  });
}

/** Each name once, whatever a list says twice. */
function namesOf(provider: Provider, models: readonly string[] | undefined): string[] {
  return [...new Set(models ?? catalogNames(provider.id, provider.baseUrl))];
}

function catalogNames(providerId: string, baseUrl: string): string[] {
  return listModels(providerId, baseUrl).flatMap((model) => [model.id, ...model.aliases]);
}

/** Names that callers write as `provider/model` are looked up while they call, and kept so that each is once. */
const PRICES_MAX = 10_000;

function createPrices(config: ModelConfig, nowMs: number) {
  const known = new Map<string, Price | undefined>();
  let validUntilMs: number | undefined;
  return {
    find: (provider: Provider, model: string): Price | undefined => {
      const name = `${provider.id}/${model}`;
      if (known.has(name)) return known.get(name);
      const price = lookUpPrice(config, { provider, model, atMs: nowMs });
      if (known.size < PRICES_MAX) known.set(name, price);
      if (price?.validUntilMs !== undefined) {
        validUntilMs = Math.min(price.validUntilMs, validUntilMs ?? price.validUntilMs);
      }
      return price;
    },
    validUntilMs: () => validUntilMs,
  };
}
