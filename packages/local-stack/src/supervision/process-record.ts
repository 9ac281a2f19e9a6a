import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

/** Writes down which process serves this folder, so that the next start can stop it should the server be killed. */
export function writeProcessRecord(file: string, pid: number): void {
  const identity = findProcess(pid);
  if (identity === undefined) return;
  writeFileSync(`${file}.new`, JSON.stringify(identity), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The recorded process if it is still running, else undefined. A damaged record counts as none. */
export function findRecordedProcess(file: string): ProcessIdentity | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof record !== 'object' || record === null) return undefined;
    if (!('pid' in record) || !('startedAt' in record)) return undefined;
    const { pid, startedAt } = record;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
    return isRunning({ pid, startedAt }) ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the recorded process after it has ended. */
export function deleteProcessRecord(file: string): void {
  rmSync(file, { force: true });
}
