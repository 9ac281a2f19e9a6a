import type { Snapshot } from '@app/gateway';
import {
  createLiveModels,
  createTestModels,
  type Model,
  type Models,
  type SandboxConfig,
} from './create-models.ts';
import type { ModelConfig } from './model-config.ts';
import { type KeySyncDeps, openKeySync } from './open-key-sync.ts';

export type SnapshotDeps = KeySyncDeps & {
  models: ModelConfig;
  sandbox: SandboxConfig;
  nowMs: () => number;
};

export type OpenSnapshot = Snapshot & {
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
  return {
    findPrincipal: keys.findPrincipal,
    findTargets: (model, mode) => modelsOf(mode).findTargets(model),
    modelOrder: (mode) => modelsOf(mode).order,
    listModels: (mode) => modelsOf(mode).list,
    keyCount: keys.size,
    close: keys.close,
  };
}
