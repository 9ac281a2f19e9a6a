import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { createSecretFile, isCode } from './create-secret-file.ts';

const KEY_BYTES = 32;

export type MasterKeyPlace = {
  /** The value of TOKENROUTER_MASTER_KEY; undefined when the variable is not set. */
  given: string | undefined;
  /** The value of TOKENROUTER_MASTER_KEY_FILE: where the operator keeps the key, for example a mounted secret. */
  file?: string | undefined;
  /** The values of XDG_CONFIG_HOME and HOME. */
  configHome: string | undefined;
  home: string | undefined;
  mode: 'development' | 'production';
  dataDir: string;
  /** Brings a key that is kept elsewhere, where the settings say so; in place of all the others. */
  remote?: RemoteKey | undefined;
};

/** `key` gives 32 bytes as they are, or a text that spells them. */
export type RemoteKey = {
  from: 'reference' | 'kms';
  read(): Promise<{ ok: true; value: Buffer | string } | { ok: false; problem: string }>;
};

export type MasterKey =
  | {
      ok: true;
      key: Buffer;
      from: 'environment' | 'file' | RemoteKey['from'];
      path: string | undefined;
      isNew: boolean;
    }
  | { ok: false; problem: string };

/**
 * The 32 bytes that wrap every other key: from TOKENROUTER_MASTER_KEY, else from the file that the operator names, else
 * from the user's config folder. Development makes that last one when it is missing; production says what to do. A key that is
 * kept elsewhere stands in for all of these.
 */
export async function loadMasterKey(place: MasterKeyPlace): Promise<MasterKey> {
  if (place.given !== undefined && place.file !== undefined) {
    return fail('TOKENROUTER_MASTER_KEY and TOKENROUTER_MASTER_KEY_FILE are both set. Remove one of them.');
  }
  if (place.remote !== undefined) return fromElsewhere(place.remote);
  if (place.given !== undefined) return fromEnvironment(place.given);
  if (place.file !== undefined) return fromNamedFile(place.file);
  const path = masterKeyPath(place);
  if (path === undefined) {
    return fail(`No master key: HOME is not set, so there is no config folder to keep one in. ${REMEDY}`);
  }
  if (isInside(path, place.dataDir)) {
    return fail(
      `The master key file ${path} would lie inside the data folder, where a copy of the data would carry its own key. ` +
        'Choose another XDG_CONFIG_HOME or TOKENROUTER_DATA_DIR.',
    );
  }
  const found = await fromOwnFile(path);
  if (found !== undefined) return found;
  if (place.mode === 'production') return fail(`No master key: ${path} does not exist. ${REMEDY}`);
  return createFile(path);
}

const REMEDY =
  'Set TOKENROUTER_MASTER_KEY to 32 random bytes in base64 or hex (make one with: openssl rand -base64 32) ' +
  'and keep a copy apart from the data: without it the data cannot be read.';

function fromEnvironment(given: string): MasterKey {
  if (given.trim() === '') return fail(`TOKENROUTER_MASTER_KEY is set but empty. ${REMEDY}`);
  const key = parseKey(given);
  if (key === undefined) {
    return fail(`TOKENROUTER_MASTER_KEY is not exactly ${KEY_BYTES} bytes in base64 or hex. ${REMEDY}`);
  }
  return { ok: true, key, from: 'environment', path: undefined, isNew: false };
}

async function fromElsewhere(remote: RemoteKey): Promise<MasterKey> {
  const read = await remote.read();
  if (!read.ok) return read;
  const key = asKey(read.value);
  if (key !== undefined) return { ok: true, key, from: remote.from, path: undefined, isNew: false };
  return fail(`What was found is not exactly ${KEY_BYTES} bytes, as they are or in base64 or hex.`);
}

/** 32 bytes, or a text that spells them. */
export function asKey(value: Buffer | string): Buffer | undefined {
  if (typeof value === 'string') return parseKey(value);
  return value.length === KEY_BYTES ? value : parseKey(value.toString('latin1'));
}

function masterKeyPath(place: Pick<MasterKeyPlace, 'configHome' | 'home'>): string | undefined {
  if (place.configHome) return join(place.configHome, 'tokenrouter', 'master.key');
  if (place.home) return join(place.home, '.config', 'tokenrouter', 'master.key');
  return undefined;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** Who may read it is the operator's choice: secrets that an orchestrator mounts are often readable by a group. */
async function fromNamedFile(path: string): Promise<MasterKey> {
  return (
    (await fromFile(path)) ??
    fail(`TOKENROUTER_MASTER_KEY_FILE names ${path}, which does not exist. ${REMEDY}`)
  );
}

async function fromOwnFile(path: string): Promise<MasterKey | undefined> {
  const found = await fromFile(path);
  if (found?.ok && ((await stat(path)).mode & 0o077) !== 0) {
    return fail(`The master key file ${path} can be read by others. Run: chmod 600 ${path}`);
  }
  return found;
}

async function fromFile(path: string): Promise<MasterKey | undefined> {
  try {
    const key = parseKey(await readFile(path, 'utf8'));
    if (key === undefined) {
      return fail(
        `The master key file ${path} does not hold exactly ${KEY_BYTES} bytes in base64 or hex. ` +
          'Put back the copy you kept; without the right key the data cannot be read.',
      );
    }
    return { ok: true, key, from: 'file', path, isNew: false };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    return fail(`The master key file ${path} cannot be read: ${reasonOf(error)}.`);
  }
}

async function createFile(path: string): Promise<MasterKey> {
  const key = randomBytes(KEY_BYTES);
  try {
    const text = Buffer.from(`${key.toString('base64')}\n`, 'utf8');
    const isNew = await createSecretFile(path, text, randomBytes(6).toString('hex'));
    if (isNew) return { ok: true, key, from: 'file', path, isNew };
  } catch (error) {
    return fail(`The master key file ${path} cannot be written: ${reasonOf(error)}. ${REMEDY}`);
  }
  // Another start was faster; its key is the installation's key.
  return (
    (await fromFile(path)) ?? fail(`The master key file ${path} vanished while it was read. Start again.`)
  );
}

/** The key to rotate to: given by value or in a file; undefined where neither is, so that one is to be made. */
export async function findNewMasterKey(
  given: string | undefined,
  file: string | undefined,
): Promise<{ ok: true; key: Buffer } | { ok: false; problem: string } | undefined> {
  if (given === undefined && file === undefined) return undefined;
  if (given !== undefined && file !== undefined) {
    return fail(
      'TOKENROUTER_NEW_MASTER_KEY and TOKENROUTER_NEW_MASTER_KEY_FILE are both set. Remove one of them.',
    );
  }
  let text = given ?? '';
  try {
    if (file !== undefined) text = await readFile(file, 'utf8');
  } catch (error) {
    return fail(`TOKENROUTER_NEW_MASTER_KEY_FILE names ${file}, which cannot be read: ${reasonOf(error)}.`);
  }
  const key = parseKey(text);
  if (key !== undefined) return { ok: true, key };
  const name = file === undefined ? 'TOKENROUTER_NEW_MASTER_KEY' : `The file ${file}`;
  return fail(
    `${name} does not hold exactly ${KEY_BYTES} bytes in base64 or hex. Make one with: openssl rand -base64 32`,
  );
}

/** Exactly 32 bytes written as 64 hex digits or as base64 (also the URL alphabet), else undefined. */
function parseKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  return Buffer.from(trimmed, 'base64');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
