import type { Store } from '@app/store';
import type { Config } from '../config.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { type IdSource, newId } from '../ids.ts';
import { syncFileLimits } from '../limits/management/sync-file-limits.ts';
import { createLiveModels } from '../snapshot/create-models.ts';
import { readModels } from './read-models.ts';

export type FileLimitsDeps = {
  config: Config;
  store: Pick<Store, 'limits' | 'tenants'>;
  ids: IdSource;
};

/** The configuration file's limits and budgets, put where every server follows them. Throws for what cannot be. */
export async function loadFileLimits({ config, store, ids }: FileLimitsDeps): Promise<void> {
  const { limits, budgets, defaults } = config.file;
  const { nowMs } = ids;
  if (limits.length + budgets.length > 0) {
    await ensureDefaultTenant({
      tenants: store.tenants,
      newId: (prefix) => newId(prefix, ids),
      nowMs,
      capture: defaults.capture,
    });
  }
  let models: ReturnType<typeof createLiveModels> | undefined;
  const hasModel = (name: string) => {
    models ??= createLiveModels(readModels(config), nowMs());
    return models.findTargets(name).length > 0;
  };
  await syncFileLimits(
    { limits: store.limits, tenants: store.tenants, hasModel, nowMs },
    { limits, budgets },
  );
}
