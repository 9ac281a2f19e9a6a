/** Files of the stores, the spool and the logs, and what Node itself keeps open. */
const OTHER_FILES = 256;
const CONNECTIONS_MIN = 64;

/**
 * How many callers may be connected at once, by the text of `/proc/self/limits`: three quarters of what may be open. Without
 * this bound strangers that only connect would take the files that calls, their providers and their records need.
 * Undefined where there is no such text, or no limit.
 */
export function findConnectionsMax(limits: string | undefined): number | undefined {
  const files = /^Max open files\s+(\d+)\s/m.exec(limits ?? '')?.[1];
  if (files === undefined) return undefined;
  return Math.max(CONNECTIONS_MIN, Math.floor((Number(files) - OTHER_FILES) * 0.75));
}
