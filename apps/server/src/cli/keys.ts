import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Log } from '@app/store';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import type { IdSource } from '../ids.ts';
import { digestKey } from '../keys/digest-key.ts';
import { openKeys } from '../keys/open-keys.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { findMasterKey, openSecrets } from '../start/open-secrets.ts';
import { type OpenKeys, runKeysCommand } from './keys-command.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

/** `tokenrouter keys ...`, while the server runs on the same data folder and when it does not. */
export function runKeys(args: readonly string[], world: World): Promise<number> {
  const nowMs = () => Date.now();
  return runKeysCommand(args, {
    open: () => openCliKeys(readSettings(world), world, { nowMs, randomBytes }),
    readInput: (file) => inputOf(world, file),
    print: world.print,
    warn: world.warn,
    nowMs,
  });
}

function inputOf(world: World, file: string | undefined): AsyncIterable<Uint8Array> {
  if (file !== undefined) return createReadStream(file);
  if (world.readInput === undefined) throw new Error('There is no standard input here; name a file.');
  return world.readInput();
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

async function openCliKeys(config: Config, world: World, ids: IdSource): Promise<OpenKeys> {
  const { store, openTraces, close } = await openCliStore(config, errorsOnly(world.warn), world.keepStore);
  try {
    const master = await findMasterKey(config, world.variables);
    const { pepper } = await loadSharedSecrets(store.secrets, master.key, ids.nowMs());
    const { keys, tenant } = await openKeys({ config, store, digest: digestKey(pepper), ids });
    const findProject = async (name: string) =>
      (await store.tenants.findProjectBySlug(tenant.organizationId, { slug: name })) ??
      (await store.tenants.findProject(name));
    const diskKey = async () => (await openSecrets(config, world.variables)).dataKeys['clickhouse-disk'];
    return { keys, findProject, openTraces: () => openTraces(diskKey), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function errorsOnly(warn: (text: string) => void): Log {
  const silent = () => undefined;
  return { info: silent, warn: silent, error: (_fields, message) => warn(`${message}\n`) };
}
