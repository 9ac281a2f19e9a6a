import { randomBytes } from 'node:crypto';
import type { Project } from '@app/store';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { newId } from '../ids.ts';
import type { Budgets } from '../limits/management/create-budgets.ts';
import { createLimitManagement } from '../limits/management/create-limit-management.ts';
import type { Limits } from '../limits/management/create-limits.ts';
import { createLiveModels } from '../snapshot/create-models.ts';
import { readModels } from '../start/read-models.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

export type OpenCliLimits = {
  limits: Limits;
  budgets: Budgets;
  /** A project by slug or id. */
  findProject(name: string): Promise<Project | undefined>;
  close(): Promise<void>;
};

/** Limits and budgets for a command, while the server runs on the same data folder and when it does not. */
export async function openCliLimits({ variables, warn, keepStore }: World): Promise<OpenCliLimits> {
  const config = readConfig(variables, readTextFile);
  const ids = { nowMs: () => Date.now(), randomBytes };
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, message: string) => warn(`${message}\n`) };
  const { store, close } = await openCliStore(config, log, keepStore);
  try {
    const tenant = await ensureDefaultTenant({
      tenants: store.tenants,
      newId: (prefix) => newId(prefix, ids),
      nowMs: ids.nowMs,
      capture: config.file.defaults.capture,
    });
    const managed = createLimitManagement({
      store,
      // What a running server has counted of the last second is known to it alone.
      readCount: () => undefined,
      findLimit: () => undefined,
      flush: async () => undefined,
      hasModel: (name) => createLiveModels(readModels(config), ids.nowMs()).findTargets(name).length > 0,
      // Who gives an answer on the machine itself reads it there; what was said is kept.
      deliver: () => undefined,
      ids,
    });
    const findProject = async (name: string) =>
      (await store.tenants.findProjectBySlug(tenant.organizationId, { slug: name })) ??
      (await store.tenants.findProject(name));
    return { ...managed, findProject, close };
  } catch (error) {
    await close();
    throw error;
  }
}
