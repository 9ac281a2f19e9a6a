import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { findProcess, type ProcessIdentity, stopProcess } from '../supervision/process-identity.ts';
import { findRecordedProcess } from '../supervision/process-record.ts';

/**
 * Stops a PostgreSQL that a killed server left running on this cluster. A pid alone proves nothing: the process
 * must be the recorded one, or be working in this very folder.
 */
export async function stopLeftover(cluster: string, recordFile: string, log: Log): Promise<void> {
  const leftover = findRecordedProcess(recordFile) ?? findByPidFile(cluster);
  if (leftover === undefined) return;
  log.warn({ pid: leftover.pid }, 'stopping the PostgreSQL that an earlier run left behind');
  await stopProcess(leftover, { signal: 'SIGINT', graceMs: 10_000 });
}

function findByPidFile(cluster: string): ProcessIdentity | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const identity = findProcess(pid);
    // PostgreSQL changes into its data folder at start; macOS has no such link and relies on the record.
    return identity && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster) ? identity : undefined;
  } catch {
    return undefined;
  }
}
