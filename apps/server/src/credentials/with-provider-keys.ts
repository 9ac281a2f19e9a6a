import { type OwnKeys, type Target, type TargetKeys, type Tenant, withFirstKey } from '@app/gateway';
import type { Operation } from '@app/providers';
import type { Model } from '../snapshot/create-models.ts';
import type { OpenSnapshot } from '../snapshot/open-snapshot.ts';

export type ProviderKeysDeps = {
  /** The keys that a tenant has of its own for a provider. */
  findKeys(tenant: Tenant, providerId: string): TargetKeys | undefined;
  /** The providers for which a tenant has a key of its own. */
  providersOf(tenant: Tenant): readonly string[];
  /** The keys that the operator's file gives to everybody. */
  findFileKeys(providerId: string): TargetKeys | undefined;
  /** Whether it is a known provider that keys may be kept for, and of which the operator has no row. */
  isReachable(providerId: string): boolean;
  /** Who serves a name among known providers that the operator has no row of. */
  known: Pick<OwnKeys, 'findTargets' | 'findOperationTargets'> & {
    listModels(providers: readonly string[]): readonly Model[];
  };
};

/** What a provider keeps belongs to the account of the key it came with, so that the same key must come again. */
const KEEPING: ReadonlySet<Operation> = new Set(['files', 'batches']);

/**
 * The snapshot with providers' keys in it. A tenant's own keys take the place of the operator's for the same provider,
 * and make known providers reachable that the operator has no row of, for that tenant alone. Test calls use no keys.
 */
export function withProviderKeys(snapshot: OpenSnapshot, deps: ProviderKeysDeps): OpenSnapshot {
  const keysFor = (tenant: Tenant | undefined, providerId: string): TargetKeys | undefined =>
    (tenant === undefined ? undefined : deps.findKeys(tenant, providerId)) ?? deps.findFileKeys(providerId);
  const keyed = (targets: readonly Target[], tenant: Tenant | undefined): readonly Target[] => {
    let changed: Target[] | undefined;
    for (const [at, target] of targets.entries()) {
      const keys = keysFor(tenant, target.provider.id);
      if (keys === undefined) continue;
      changed ??= [...targets];
      changed[at] = { ...target, keys };
    }
    return changed ?? targets;
  };
  const knownOf = (tenant: Tenant | undefined): readonly string[] =>
    tenant === undefined ? [] : deps.providersOf(tenant).filter(deps.isReachable);
  const join = (targets: readonly Target[], more: readonly Target[]): readonly Target[] =>
    more.length === 0 ? targets : [...targets, ...more];

  const lists = createLists();

  return {
    ...snapshot,
    findTargets: (model, mode, tenant) => {
      const targets = snapshot.findTargets(model, mode);
      if (mode === 'test') return targets;
      const known = knownOf(tenant);
      if (known.length === 0) return keyed(targets, tenant);
      return keyed(join(targets, deps.known.findTargets(model, known)), tenant);
    },
    findOperationTargets: (question) => {
      const found = snapshot.findOperationTargets(question);
      if (question.mode === 'test') return found;
      const { tenant, operation } = question;
      const more = deps.known.findOperationTargets(question, knownOf(tenant));
      const targets = keyed(join(found.targets, more), tenant);
      return {
        targets: KEEPING.has(operation) ? targets.flatMap((target) => withFirstKey(target) ?? []) : targets,
        isKnown: found.isKnown || more.length > 0,
      };
    },
    modelOrder: (mode, tenant) => {
      const order = snapshot.modelOrder(mode);
      if (mode === 'test' || order.length > 0) return order;
      return deps.known.listModels(knownOf(tenant)).map(({ id }) => id);
    },
    listModels: (mode, tenant) => {
      const models = snapshot.listModels(mode);
      const known = mode === 'test' ? [] : knownOf(tenant);
      if (known.length === 0) return models;
      return lists.join(models, known, () => {
        const names = new Set(models.map(({ id }) => id));
        return [...models, ...deps.known.listModels(known).filter(({ id }) => !names.has(id))];
      });
    },
  };
}

const LISTS_MAX = 200;

/** The same list for the same providers, because what is worked out of a list is kept with it. */
function createLists() {
  const made = new WeakMap<object, Map<string, readonly Model[]>>();
  return {
    join(models: readonly Model[], providers: readonly string[], make: () => readonly Model[]) {
      const known = made.get(models) ?? new Map<string, readonly Model[]>();
      made.set(models, known);
      const name = providers.join(' ');
      const list = known.get(name) ?? make();
      if (known.size < LISTS_MAX) known.set(name, list);
      return list;
    },
  };
}
