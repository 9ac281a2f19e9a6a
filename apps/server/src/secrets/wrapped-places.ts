import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RelationalStore } from '@app/store';
import { createSecretFile, isCode } from './create-secret-file.ts';
import { dataKeyIdentity, NEXT_SUFFIX } from './data-keys.ts';
import { installationSecretIdentity } from './installation-secret.ts';
import type { WrappedPlace, WrappedSecret } from './rotate-master-key.ts';

/** The keys of one data folder; none where no server has run on it. */
export function dataFolderPlace(dataDir: string): WrappedPlace {
  const folder = join(dataDir, 'keys');
  const pathOf = (name: string) => join(folder, `${name}.sealed`);
  const list = async (): Promise<WrappedSecret[]> => {
    const names = (await listFolder(folder)).flatMap((file) => /^([\w-]+)\.sealed$/.exec(file)?.[1] ?? []);
    return Promise.all(
      names.map(async (name) => ({
        name,
        identity: dataKeyIdentity(name),
        sealed: await readFile(pathOf(name)),
        next: await findFile(pathOf(name) + NEXT_SUFFIX),
      })),
    );
  };
  return {
    title: folder,
    list,
    keepNext: async (secrets) => {
      for (const { name, sealed } of secrets) {
        const fresh = `${pathOf(name)}.${randomBytes(6).toString('hex')}`;
        await createSecretFile(fresh, sealed, 'unfinished');
        await rename(fresh, pathOf(name) + NEXT_SUFFIX);
      }
    },
    promote: async () => {
      for (const { name, next } of await list()) {
        if (next !== undefined) await rename(pathOf(name) + NEXT_SUFFIX, pathOf(name));
      }
    },
  };
}

/** What all servers of an installation share. */
export function databasePlace(
  table: Pick<
    RelationalStore['secrets'],
    'listInstallationSecrets' | 'upsertInstallationSecrets' | 'promoteInstallationSecrets'
  >,
  nowMs: () => number,
): WrappedPlace {
  return {
    title: 'the database',
    list: async () => {
      const rows = await table.listInstallationSecrets();
      const byName = new Map(rows.map(({ name, sealed }) => [name, sealed]));
      return rows
        .filter(({ name }) => !name.endsWith(NEXT_SUFFIX))
        .map(({ name, sealed }) => ({
          name,
          identity: installationSecretIdentity(name),
          sealed,
          next: byName.get(name + NEXT_SUFFIX),
        }));
    },
    keepNext: (secrets) =>
      table.upsertInstallationSecrets(
        secrets.map(({ name, sealed }) => ({ name: name + NEXT_SUFFIX, sealed, updatedAtMs: nowMs() })),
      ),
    promote: () => table.promoteInstallationSecrets(),
  };
}

async function listFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function findFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
