import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import { createSecretFile } from '../secrets/create-secret-file.ts';
import { findNewMasterKey, type MasterKey } from '../secrets/master-key.ts';
import {
  finishRotation,
  type Rotated,
  rotateMasterKey,
  type WrappedPlace,
} from '../secrets/rotate-master-key.ts';
import { findNewWrappedKey, wrapKey } from '../secrets/wrap-key.ts';
import { databasePlace, dataFolderPlace } from '../secrets/wrapped-places.ts';
import { findMasterKey } from '../start/open-secrets.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

const usage = `tokenrouter keys rotate-master: wraps everything that the master key protects under a new one

  Reads the key in use as every start does (TOKENROUTER_MASTER_KEY, TOKENROUTER_MASTER_KEY_FILE or the user's own
  file) and the new one from TOKENROUTER_NEW_MASTER_KEY or TOKENROUTER_NEW_MASTER_KEY_FILE. Without one it makes one
  and prints it, once, alone on standard output. Servers that run go on; the next start needs the new key.

  A key wrapped by a key management service (TOKENROUTER_MASTER_KEY_KMS) is made, wrapped there and printed wrapped; or
  comes from TOKENROUTER_NEW_MASTER_KEY_WRAPPED. "tokenrouter keys wrap-master" wraps one that you have.

      --keep-old              let both keys open everything, so that several servers can change over in turn
      --finish                end such a rotation: run it with the new key as the key in use

No key of an application changes, and no provider's. docs/master-key.md tells all of it.
`;

type Options = { keepsOld: boolean; finishes: boolean };

/** `tokenrouter keys rotate-master`, while servers run and when none does. */
export async function runRotateMaster(args: readonly string[], world: World): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    world.print(usage);
    return 0;
  }
  if (typeof options === 'string') {
    world.warn(`${options}\nSee: tokenrouter keys rotate-master --help\n`);
    return 2;
  }
  const config = readConfig(world.variables, readTextFile);
  const current = await findMasterKey(config, world.variables);
  if (current.isNew) throw new ConfigError(['There was no master key to rotate: one was just made.']);
  const given = options.finishes ? undefined : await findGiven(config, current.key, world);
  const silent = () => undefined;
  const log = {
    info: silent,
    warn: silent,
    error: (_: unknown, message: string) => world.warn(`${message}\n`),
  };
  const { store, close } = await openCliStore(config, log, world.keepStore);
  try {
    const places = [
      dataFolderPlace(config.environment.TOKENROUTER_DATA_DIR),
      databasePlace(store.secrets, () => Date.now()),
    ];
    // Two rotations at once, or one beside a server's first start, would take each other's place.
    return await store.withMigrationLock(() =>
      options.finishes
        ? finish(places, current.key, world)
        : rotate({ config, current, given, places, world, keepsOld: options.keepsOld }),
    );
  } finally {
    await close();
  }
}

function readOptions(args: readonly string[]): Options | 'help' | (string & {}) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'keep-old': { type: 'boolean', default: false },
        finish: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    if (values['keep-old'] && values.finish) return '--keep-old and --finish contradict each other.';
    return { keepsOld: values['keep-old'], finishes: values.finish };
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return error.message;
    throw error;
  }
}

async function finish(places: readonly WrappedPlace[], key: Buffer, world: World): Promise<number> {
  const outcome = await finishRotation({ places, key });
  if (!outcome.ok) throw new ConfigError([outcome.problem]);
  world.warn(`Done: ${outcome.count} secrets open with the master key in use and with no other.\n`);
  return 0;
}

/** The key that was given to rotate to. */
async function findGiven(config: Config, current: Buffer, world: World): Promise<Buffer | undefined> {
  const { TOKENROUTER_NEW_MASTER_KEY: value, TOKENROUTER_NEW_MASTER_KEY_FILE: file } = config.environment;
  const wrapped = await findNewWrappedKey(config, world.variables);
  const found = wrapped ?? (await findNewMasterKey(value, file));
  if (found?.ok === false) throw new ConfigError([found.problem]);
  if (found?.key.equals(current) !== true) return found?.key;
  throw new ConfigError(['The new master key is the one in use. Give another.']);
}

type Rotating = {
  config: Config;
  current: MasterKey & { ok: true };
  given: Buffer | undefined;
  places: readonly WrappedPlace[];
  world: World;
  keepsOld: boolean;
};

async function rotate({ config, current, given, places, world, keepsOld }: Rotating): Promise<number> {
  const { TOKENROUTER_MASTER_KEY_FILE: named } = config.environment;
  // A file that we made ourselves is ours to replace; one that the operator names is not.
  const own = current.from === 'file' && named === undefined ? current.path : undefined;
  const to = given ?? (current.from === 'kms' ? await makeWrapped(config, world) : await makeKey(own, world));
  const prepared = await rotateMasterKey({ places, from: current.key, to, keepsOld: true });
  if (!prepared.ok) throw new ConfigError([prepared.problem]);
  // Both keys open everything now, so whichever file a start finds is right.
  if (own !== undefined) await replaceFile(own, to);
  const outcome: Rotated = keepsOld ? prepared : await finishRotation({ places, key: to });
  if (!outcome.ok) throw new ConfigError([outcome.problem]);
  world.warn(told({ count: outcome.count, own, named, keepsOld, from: current.from }));
  return 0;
}

/** Printed, or kept beside the file in use, before anything depends on it. One that was kept there is used again. */
async function makeKey(own: string | undefined, world: World): Promise<Buffer> {
  if (own === undefined) {
    const key = randomBytes(32);
    world.warn('The new master key. Keep it now, apart from the data:\n');
    world.print(`${key.toString('base64')}\n`);
    return key;
  }
  const path = `${own}.new`;
  await createSecretFile(path, Buffer.from(`${randomBytes(32).toString('base64')}\n`), 'unfinished');
  const kept = await findNewMasterKey(await readFile(path, 'utf8'), undefined);
  if (kept?.ok === true) return kept.key;
  throw new ConfigError([`${path} holds no master key. Remove it and run the command again.`]);
}

/** Made here, wrapped by the service, and printed wrapped: it is written down nowhere else. */
async function makeWrapped(config: Config, world: World): Promise<Buffer> {
  const key = randomBytes(32);
  const wrapped = await wrapKey(key, { config, variables: world.variables });
  if (!wrapped.ok) throw new ConfigError([wrapped.problem]);
  world.warn('The new master key, wrapped. Keep it for TOKENROUTER_MASTER_KEY_WRAPPED:\n');
  world.print(`${wrapped.value}\n`);
  return key;
}

/** The file in use holds one key or the other at every moment; the old one stays beside it. */
async function replaceFile(own: string, key: Buffer): Promise<void> {
  // One from a rotation that was given up must not become the key in use.
  await rm(`${own}.new`, { force: true });
  await createSecretFile(`${own}.new`, Buffer.from(`${key.toString('base64')}\n`), 'unfinished');
  const old = await readFile(own);
  try {
    await rm(`${own}.old`, { force: true });
    await createSecretFile(`${own}.old`, old, 'unfinished');
    await rename(`${own}.new`, own);
  } finally {
    old.fill(0);
  }
}

type Told = Pick<MasterKey & { ok: true }, 'from'> & {
  count: number;
  own: string | undefined;
  named: string | undefined;
  keepsOld: boolean;
};

/** What to do before the next start, by where the key comes from. */
const NEXT: { [from in Told['from']]: string } = {
  environment: 'Set TOKENROUTER_MASTER_KEY to the new key before the next start.',
  file: 'Write the new key to the file of the master key before the next start.',
  reference: 'Store the new key where TOKENROUTER_MASTER_KEY_REF finds it before the next start.',
  kms: 'Set TOKENROUTER_MASTER_KEY_WRAPPED to the new key, as it is wrapped, before the next start.',
};

function told({ count, own, named, keepsOld, from }: Told): string {
  const place =
    own === undefined
      ? named === undefined
        ? NEXT[from]
        : `Write the new key to ${named} before the next start.`
      : `${own} holds the new key, and ${own}.old the old one: copy the new one, and remove the old one when no backup needs it.`;
  const more = keepsOld
    ? 'Both keys open them. Change every server over, then run "tokenrouter keys rotate-master --finish" with the new key.'
    : 'The old key opens none of them any more. Servers that run go on.';
  const others =
    'Other data folders of this installation follow when the same command runs there with the same two keys.';
  return `Wrapped ${count} secrets under the new master key. ${more}\n${place}\n${others}\nBackups made before need the old key: keep it as long as them.\n`;
}
