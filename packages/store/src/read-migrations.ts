import { readdir, readFile } from 'node:fs/promises';

/** One numbered file of SQL, such as `0001_keys`. It is never edited after a release and has no way back. */
export type MigrationFile = { name: string; sql: string };

/** Reads a folder's migrations in the order of their numbers. */
export async function readMigrations(folder: URL): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(0, -'.sql'.length),
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}
