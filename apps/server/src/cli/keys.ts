import { randomBytes } from 'node:crypto';
import type { Log } from '@app/store';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { type IdSource, newId } from '../ids.ts';
import { createKeys } from '../keys/create-keys.ts';
import { digestKey } from '../keys/digest-key.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { type OpenKeys, runKeysCommand } from './keys-command.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

/** `tokenrouter keys ...`, while the server runs on the same data folder and when it does not. */
export function runKeys(args: readonly string[], world: World): Promise<number> {
  const nowMs = () => Date.now();
  return runKeysCommand(args, {
    open: () => openKeys(readSettings(world), world, { nowMs, randomBytes }),
    print: world.print,
    warn: world.warn,
    nowMs,
  });
}

/** A command about keys needs no provider: where the file cannot be used in this shell, the environment alone will do. */
function readSettings({ variables, warn }: World): Config {
  try {
    return readConfig(variables, readTextFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { TOKENROUTER_CONFIG: _, ...environment } = variables;
    const config = readConfig(environment, () => undefined);
    warn(`The configuration file is not used, so a new key gets the built-in limits: ${error.message}\n`);
    return config;
  }
}

async function openKeys(config: Config, world: World, ids: IdSource): Promise<OpenKeys> {
  const { nowMs } = ids;
  const { store, close } = await openCliStore(config, errorsOnly(world.warn));
  try {
    const master = await findMasterKey(config, world.variables);
    const { pepper } = await loadSharedSecrets(store.secrets, master.key, nowMs());
    const {
      capture,
      requests_per_minute: requestsPerMinuteMax,
      concurrency: concurrencyMax,
    } = config.file.defaults;
    const tenant = await ensureDefaultTenant({
      tenants: store.tenants,
      newId: (prefix) => newId(prefix, ids),
      nowMs,
      capture,
    });
    const keys = createKeys({
      keys: store.keys,
      digest: digestKey(pepper),
      randomBytes: ids.randomBytes,
      nowMs,
      newKeyId: () => newId('key_', ids),
      defaults: { requestsPerMinuteMax, concurrencyMax },
    });
    const findProject = async (name: string) =>
      (await store.tenants.findProjectBySlug(tenant.organizationId, { slug: name })) ??
      (await store.tenants.findProject(name));
    return { keys, findProject, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function errorsOnly(warn: (text: string) => void): Log {
  const silent = () => undefined;
  return { info: silent, warn: silent, error: (_fields, message) => warn(`${message}\n`) };
}
