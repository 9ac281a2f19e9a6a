import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { findProcess, type ProcessIdentity, stopProcess } from '../supervision/process-identity.ts';
import { findRecordedProcess } from '../supervision/process-record.ts';

/**
 * Stops a PostgreSQL that a killed server left running on this cluster. A pid alone proves nothing: the process
 * must be the recorded one, or be working in this very folder. Resolves to the pid that the cluster's lock file still
 * names, whoever has it now: it is not a PostgreSQL of this cluster any more.
 */
export async function stopLeftover(
  cluster: string,
  recordFile: string,
  log: Log,
): Promise<number | undefined> {
  for (const find of [() => findRecordedProcess(recordFile), () => findByPidFile(cluster)]) {
    const leftover = find();
    if (leftover === undefined) continue;
    log.warn({ pid: leftover.pid }, 'stopping the PostgreSQL that an earlier run left behind');
    await stopProcess(leftover, { signal: 'SIGINT', graceMs: 10_000 });
  }
  return readLockedPid(cluster);
}

function readLockedPid(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function findByPidFile(cluster: string): ProcessIdentity | undefined {
  const pid = readLockedPid(cluster);
  if (pid === undefined) return undefined;
  try {
    const identity = findProcess(pid);
    // PostgreSQL changes into its data folder at start; macOS has no such link and relies on the record.
    return identity && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster) ? identity : undefined;
  } catch {
    return undefined;
  }
}
