import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one with the same pid: `startedAt` is the kernel's own mark. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** The identity of a running process, or undefined when no process has this pid (a zombie counts as gone). */
export function findProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = readStartMark(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while exactly this process, not a later one with its pid, is running. */
export function isRunning(identity: ProcessIdentity): boolean {
  return readStartMark(identity.pid) === identity.startedAt;
}

/** Asks the process to stop, kills it after `graceMs`, and resolves when it is gone. Throws if it survives that too. */
export async function stopProcess(
  identity: ProcessIdentity,
  { signal, graceMs }: { signal: NodeJS.Signals; graceMs: number },
): Promise<void> {
  sendSignal(identity, signal);
  if (await isGoneWithin(identity, graceMs)) return;
  sendSignal(identity, 'SIGKILL');
  if (await isGoneWithin(identity, 10_000)) return;
  throw new Error(`Process ${identity.pid} is still running after SIGKILL.`);
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function isGoneWithin(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

function readStartMark(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? readLinuxStartMark(pid) : readPsStartMark(pid);
}

function readLinuxStartMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets, so fields are counted from the last bracket:
    // the state is the third field of proc(5), the start time in ticks since boot the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

function readPsStartMark(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
