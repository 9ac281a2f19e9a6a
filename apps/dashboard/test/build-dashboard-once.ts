import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const TRY_MS = 100;
/** A build takes ten seconds; who holds the lock for longer than this was killed. */
const HELD_MS_MAX = 90_000;

/** Builds the dashboard if its sources changed. Test files run side by side, and only one of them may write the build. */
export async function buildDashboardOnce(root: string): Promise<void> {
  const lock = join(root, 'node_modules/.dashboard-build');
  while (!take(lock)) await delay(TRY_MS);
  try {
    const build = spawnSync(process.execPath, ['scripts/build-dashboard.ts'], {
      cwd: root,
      encoding: 'utf8',
      // What is built here is what "npm start" then sends: without this it would hold React's slow development half.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (build.status !== 0) throw new Error(`The dashboard could not be built:\n${build.stderr}`);
  } finally {
    rmdirSync(lock);
  }
}

/** A folder is made by one process alone. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const madeMs = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (madeMs !== undefined && Date.now() - madeMs > HELD_MS_MAX) rmdirSync(lock);
    return false;
  }
}
