/**
 * Builds the dashboard when its sources changed since the last build. `--force` builds always.
 * Runs before `npm start`, so it says nothing when there is nothing to do.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const dashboard = join(root, 'apps/dashboard');
const stamp = join(dashboard, 'dist/.built-from');

const hash = hashOf([
  'apps/dashboard/{src,public}/**/*',
  'apps/dashboard/{index.html,vite.config.ts,package.json}',
  'packages/contract/src/**/*.ts',
]);
const isCurrent = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;

if (!isCurrent || process.argv.includes('--force')) {
  process.stdout.write('Building the dashboard (once, about ten seconds) ...\n');
  const { build } = await import('vite');
  await build({ root: dashboard, configFile: join(dashboard, 'vite.config.ts'), logLevel: 'warn' });
  mkdirSync(join(dashboard, 'dist'), { recursive: true });
  writeFileSync(stamp, hash);
}

function hashOf(patterns: string[]): string {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }));
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
  const sum = createHash('sha256');
  for (const path of paths)
    sum.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  return sum.digest('hex');
}
