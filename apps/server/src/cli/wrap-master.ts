import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { findNewMasterKey } from '../secrets/master-key.ts';
import { wrapKey } from '../secrets/wrap-key.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import type { World } from './world.ts';

const usage = `tokenrouter keys wrap-master: has a master key encrypted by a key management service

  The service is named by TOKENROUTER_MASTER_KEY_KMS. The key comes from TOKENROUTER_NEW_MASTER_KEY or
  TOKENROUTER_NEW_MASTER_KEY_FILE; without one it is made here and is in no other place. Prints what to set
  TOKENROUTER_MASTER_KEY_WRAPPED to, alone on standard output, after the service was seen to open it again.

      --current               wrap the master key in use, to go on with the same data

docs/master-key.md tells all of it.
`;

/** `tokenrouter keys wrap-master`: needs no store and no running server. */
export async function runWrapMaster(args: readonly string[], world: World): Promise<number> {
  const options = {
    current: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    world.print(usage);
    return 0;
  }
  const config = readConfig(world.variables, readTextFile);
  const { TOKENROUTER_NEW_MASTER_KEY: value, TOKENROUTER_NEW_MASTER_KEY_FILE: file } = config.environment;
  const given = await findNewMasterKey(value, file);
  if (given?.ok === false) throw new ConfigError([given.problem]);
  if (values.current && given !== undefined) {
    throw new ConfigError(['--current and a new master key contradict each other. Remove one of them.']);
  }
  const key = values.current ? await currentKey(config, world) : (given?.key ?? randomBytes(32));
  const wrapped = await wrapKey(key, { config, variables: world.variables });
  if (!wrapped.ok) throw new ConfigError([wrapped.problem]);
  world.print(`${wrapped.value}\n`);
  return 0;
}

async function currentKey(config: ReturnType<typeof readConfig>, world: World): Promise<Buffer> {
  const current = await findMasterKey(config, world.variables);
  if (current.isNew) throw new ConfigError(['There was no master key in use: one was just made.']);
  return current.key;
}
