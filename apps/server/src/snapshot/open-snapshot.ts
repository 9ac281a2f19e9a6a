import type { Limit, Tenant, UnarySnapshot } from '@app/gateway';
import {
  createLiveModels,
  createTestModels,
  type Model,
  type Models,
  type SandboxConfig,
} from './create-models.ts';
import { createOperationTargets } from './find-operation-targets.ts';
import type { ModelConfig } from './model-config.ts';
import { type KeySyncDeps, openKeySync } from './open-key-sync.ts';
import { type LimitSync, type LimitSyncDeps, openLimitSync } from './open-limit-sync.ts';

export type SnapshotDeps = KeySyncDeps &
  LimitSyncDeps & {
    models: ModelConfig;
    sandbox: SandboxConfig;
    nowMs: () => number;
  };

export type OpenSnapshot = UnarySnapshot & {
  findLimits: NonNullable<UnarySnapshot['findLimits']>;
  /** A limit or budget by its id. */
  findLimit(id: string): Limit | undefined;
  /** Names for `GET /v1/models`; with a tenant, also those that only its own provider keys reach. */
  listModels(mode: 'live' | 'test', tenant?: Tenant): readonly Model[];
  keyCount(): number;
  close(): Promise<void>;
};

/** Opens what the hot path looks up without waiting. Resolves once all keys and limits are loaded. */
export async function openSnapshot(deps: SnapshotDeps): Promise<OpenSnapshot> {
  const keys = await openKeySync(deps);
  const limits = await openLimits(deps, keys.close);
  const test = createTestModels(deps.models, deps.sandbox);
  let live = createLiveModels(deps.models, deps.nowMs());
  const modelsOf = (mode: 'live' | 'test'): Models => {
    if (mode === 'test') return test;
    // Prices change by date or time of day: the whole value is built again, which takes milliseconds.
    if (deps.nowMs() >= (live.validUntilMs() ?? Number.POSITIVE_INFINITY)) {
      live = createLiveModels(deps.models, deps.nowMs());
    }
    return live;
  };
  const findTargets: UnarySnapshot['findTargets'] = (model, mode) => modelsOf(mode).findTargets(model);
  return {
    findPrincipal: keys.findPrincipal,
    findLimits: limits.findLimits,
    findLimit: limits.findLimit,
    findTargets,
    findOperationTargets: createOperationTargets({
      providers: deps.models.providers.map(({ provider }) => provider),
      sandbox: deps.sandbox.provider,
      findTargets,
    }),
    modelOrder: (mode) => modelsOf(mode).order,
    listModels: (mode) => modelsOf(mode).list,
    keyCount: keys.size,
    close: async () => {
      await limits.close();
      // Last, because it says that this server need not be waited for any more.
      await keys.close();
    },
  };
}

async function openLimits(deps: LimitSyncDeps, closeKeys: () => Promise<void>): Promise<LimitSync> {
  try {
    return await openLimitSync(deps);
  } catch (error) {
    await closeKeys();
    throw error;
  }
}
