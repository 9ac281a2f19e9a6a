import type { Principal, Snapshot, Target } from '@app/gateway';

export type MemorySnapshot = {
  /** By digest of the key. */
  principals?: { [digest: string]: Principal };
  /** By the name a caller gives. */
  models?: { [name: string]: readonly Target[] };
  /** What a test key gets; the same as `models` when absent. */
  testModels?: { [name: string]: readonly Target[] };
  order?: readonly string[];
};

/** A snapshot of what it is given. */
export function createMemorySnapshot(held: MemorySnapshot): Snapshot {
  const { principals = {}, models = {}, testModels = models, order = [] } = held;
  return {
    findPrincipal: (digest) => (Object.hasOwn(principals, digest) ? principals[digest] : undefined),
    findTargets(model, mode) {
      const named = mode === 'test' ? testModels : models;
      return Object.hasOwn(named, model) ? (named[model] ?? []) : [];
    },
    modelOrder: () => order,
  };
}
