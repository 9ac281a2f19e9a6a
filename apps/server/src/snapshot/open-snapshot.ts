import type { UnarySnapshot } from '@app/gateway';
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

export type SnapshotDeps = KeySyncDeps & {
  models: ModelConfig;
  sandbox: SandboxConfig;
  nowMs: () => number;
};

export type OpenSnapshot = UnarySnapshot & {
  /** Names for `GET /v1/models`. */
  listModels(mode: 'live' | 'test'): readonly Model[];
  keyCount(): number;
  close(): Promise<void>;
};

/** Opens what the hot path looks up without waiting. Resolves once all keys are loaded. */
export async function openSnapshot(deps: SnapshotDeps): Promise<OpenSnapshot> {
  const keys = await openKeySync(deps);
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
    findTargets,
    findOperationTargets: createOperationTargets({
      providers: deps.models.providers.map(({ provider }) => provider),
      sandbox: deps.sandbox.provider,
      findTargets,
    }),
    modelOrder: (mode) => modelsOf(mode).order,
    listModels: (mode) => modelsOf(mode).list,
    keyCount: keys.size,
    close: keys.close,
  };
}
