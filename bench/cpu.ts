import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in ticks of 10 ms. */
const TICK_US = 10_000;

/** Processor time in microseconds that these processes used so far, all their threads together. One that ended has none. */
export function cpuUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (existsSync(`/proc/${pid}`) ? statUs(`/proc/${pid}/stat`) : 0), 0);
}

/** The same for the main thread alone: what the event loop itself had to do. */
export function mainThreadUs(pid: number): number {
  return statUs(`/proc/${pid}/task/${pid}/stat`);
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) * 1024;
}

/** The process itself and all that it started. */
export function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(familyOf)];
}

function statUs(path: string): number {
  const text = readFileSync(path, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
