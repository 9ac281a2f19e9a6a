import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type { Schedule } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { ensureDefaultTenant } from '../identity/ensure-default-tenant.ts';
import { newId } from '../ids.ts';
import { createOutbound } from '../outbound/create-outbound.ts';
import { createClosingStack } from '../start/closing-stack.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { openKeptKeys } from '../start/open-kept-keys.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { readModels } from '../start/read-models.ts';
import { type OpenCredentials, runCredentialsCommand } from './credentials-command.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

const INPUT_BYTES_MAX = 65_536;

/** `tokenrouter credentials ...`, while the server runs on the same data folder and when it does not. */
export function runCredentials(args: readonly string[], world: World): Promise<number> {
  return runCredentialsCommand(args, {
    open: () => openCliCredentials(readConfig(world.variables, readTextFile), world),
    readSecret: async (path) => {
      if (path !== undefined) return (await readFile(path, 'utf8')).trim();
      if (world.readHidden !== undefined) return world.readHidden('The key (it is not shown): ');
      if (world.readInput === undefined) throw new Error('There is no standard input here; name a file.');
      return readInput(world.readInput());
    },
    print: world.print,
    warn: world.warn,
  });
}

async function openCliCredentials(config: Config, world: World): Promise<OpenCredentials> {
  const stack = createClosingStack(() => world.warn('Something could not be closed.\n'));
  const ids = { nowMs: () => Date.now(), randomBytes };
  try {
    const silent = () => undefined;
    const log = {
      info: silent,
      warn: silent,
      error: (_: unknown, message: string) => world.warn(`${message}\n`),
    };
    const { store, close } = await openCliStore(config, log, world.keepStore);
    stack.add(close);
    const master = await findMasterKey(config, world.variables);
    const { credentialKey } = await loadSharedSecrets(store.secrets, master.key, ids.nowMs());
    const outbound = createOutbound({
      allowPrivateHosts: config.file.allow_private_hosts,
      resolve: (host, done) => lookup(host, { all: true }, done),
      sandboxSend: () => {
        throw new GatewayError('sandbox_unsupported', 'A command makes no calls.');
      },
      nowMs: ids.nowMs,
    });
    stack.add(() => outbound.destroy());
    const onWarning = (message: string) => world.warn(`${message}\n`);
    const given = {
      config,
      store,
      models: readModels(config),
      credentialKey,
      outbound,
      ids,
      schedule,
      onWarning,
    };
    const { credentials } = await openKeptKeys(given, stack);
    const tenant = await ensureDefaultTenant({
      tenants: store.tenants,
      newId: (prefix) => newId(prefix, ids),
      nowMs: ids.nowMs,
      capture: config.file.defaults.capture,
    });
    const findProject = async (name: string) =>
      (await store.tenants.findProjectBySlug(tenant.organizationId, { slug: name })) ??
      (await store.tenants.findProject(name));
    return { credentials: credentials(), findProject, close: stack.close };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

const schedule: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

async function readInput(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    length += chunk.length;
    if (length > INPUT_BYTES_MAX) throw new Error('What came on standard input is too long to be a key.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
