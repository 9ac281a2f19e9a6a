import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecretFile, isCode } from './create-secret-file.ts';
import { seal, unseal } from './seal.ts';

/** What each key of the data folder encrypts: spool segments, the embedded ClickHouse's disk, digests of contents. */
export type DataKeyName = 'spool' | 'clickhouse-disk' | 'contents';

export type DataKeys = { ok: true; keys: { [name in DataKeyName]: Buffer } } | { ok: false; problem: string };

/**
 * The 32-byte keys of a data folder, each wrapped by the master key in `<dataDir>/keys/<name>.sealed`.
 * Missing ones are made; one that does not open is never replaced, because data depends on it.
 */
export async function loadDataKeys(dataDir: string, masterKey: Uint8Array): Promise<DataKeys> {
  const load = (name: DataKeyName) => loadDataKey(join(dataDir, 'keys', `${name}.sealed`), masterKey, name);
  const spool = await load('spool');
  if (!spool.ok) return spool;
  const disk = await load('clickhouse-disk');
  if (!disk.ok) return disk;
  const contents = await load('contents');
  if (!contents.ok) return contents;
  return { ok: true, keys: { spool: spool.key, 'clickhouse-disk': disk.key, contents: contents.key } };
}

/** While the master key is rotated, a secret's copy under the next key is kept under its name with this behind it. */
export const NEXT_SUFFIX = '.next';

/** What a key of the data folder is sealed as. */
export function dataKeyIdentity(name: string): string {
  return `data-key.${name}`;
}

type DataKey = { ok: true; key: Buffer } | { ok: false; problem: string };

async function loadDataKey(path: string, masterKey: Uint8Array, name: DataKeyName): Promise<DataKey> {
  try {
    const found = await find(path);
    if (found !== undefined) return await openEither(path, found, { masterKey, name });
    const key = randomBytes(32);
    const sealed = seal(masterKey, key, dataKeyIdentity(name));
    if (await createSecretFile(path, sealed, randomBytes(6).toString('hex'))) return { ok: true, key };
    return openKey(path, await readFile(path), { masterKey, name });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: `The key file ${path} cannot be used: ${reason}.` };
  }
}

type Opening = { masterKey: Uint8Array; name: DataKeyName };

/** During a rotation of the master key both keys open it. */
async function openEither(path: string, sealed: Buffer, opening: Opening): Promise<DataKey> {
  const opened = openKey(path, sealed, opening);
  if (opened.ok) return opened;
  const next = await find(path + NEXT_SUFFIX);
  const other = next === undefined ? opened : openKey(path, next, opening);
  if (other.ok) return other;
  // A rotation may have ended between the two looks.
  return openKey(path, await readFile(path), opening);
}

function openKey(path: string, sealed: Buffer, { masterKey, name }: Opening): DataKey {
  const key = unseal(masterKey, sealed, dataKeyIdentity(name));
  if (key?.length === 32) return { ok: true, key };
  return {
    ok: false,
    problem:
      `The master key does not open ${path}: this data folder was made with another master key. ` +
      'Start with the key that was used before, rotate this folder too if the key was rotated (docs/master-key.md), ' +
      'or begin anew with another TOKENROUTER_DATA_DIR.',
  };
}

async function find(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
