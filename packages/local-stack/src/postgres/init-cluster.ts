import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment, type Launcher } from './create-launcher.ts';
import type { PostgresBinaries } from './get-binaries.ts';

export const clusterUser = 'tokenrouter';
const temporaryPrefix = 'postgres.new-';

/**
 * Returns the folder of the database cluster in `dataDir`, created when it is not there yet. Creation happens in
 * a temporary folder that is renamed when complete, so a kill in between leaves nothing but rubbish, removed here.
 */
export async function initCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
): Promise<string> {
  const cluster = join(dataDir, 'postgres');
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(temporaryPrefix)) await removeRubbish(join(dataDir, name));
  }
  if (existsSync(cluster)) {
    checkVersion(cluster, binaries.majorVersion);
    return cluster;
  }
  const temporary = mkdtempSync(join(dataDir, temporaryPrefix));
  await runInitdb(temporary, binaries, launcher);
  renameSync(temporary, cluster);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return cluster;
}

/** The processes of a killed initdb end a moment after it, and until then may write into what is being removed. */
async function removeRubbish(folder: string): Promise<void> {
  for (let triesLeft = 40; triesLeft >= 0 && existsSync(folder); triesLeft -= 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
    if (existsSync(folder)) await delay(50);
  }
}

async function runInitdb(folder: string, binaries: PostgresBinaries, launcher: Launcher): Promise<void> {
  // `trust` is safe because the only way in is a socket in a folder that no other user may enter.
  const options = ['-D', folder, '-U', clusterUser, '-A', 'trust', '--encoding=UTF8', '--no-instructions'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const [command, ...args] = launcher.commandOf(binaries.initdb, [...options, ...locale], 'SIGKILL');
  const child = spawn(command, args, { env: childEnvironment, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb failed: ${complaint.trim()}`);
}

function checkVersion(cluster: string, majorVersion: string): void {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === majorVersion) return;
  throw new Error(
    `${cluster} was made by PostgreSQL ${version} and the installed one is ${majorVersion}: start the version that made it and move the data with pg_dump.`,
  );
}
