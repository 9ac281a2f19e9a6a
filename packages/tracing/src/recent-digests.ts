/** Remembers which contents are in the trace store already, so that a long conversation is not sent again with each turn. */
export type RecentDigests = {
  has(projectId: string, digest: string, nowMs: number): boolean;
  add(projectId: string, digest: string, nowMs: number): void;
};

/**
 * Forgets the least recently stored first. An entry counts for `ageMsMax` from when it was stored: after that the content is
 * stored anew, so that it outlives by its own date whatever refers to it.
 */
export function createRecentDigests(limits: { entriesMax: number; ageMsMax: number }): RecentDigests {
  const storedAtMs = new Map<string, number>();
  return {
    has(projectId, digest, nowMs) {
      const at = storedAtMs.get(`${projectId}:${digest}`);
      return at !== undefined && Math.abs(nowMs - at) < limits.ageMsMax;
    },
    add(projectId, digest, nowMs) {
      const name = `${projectId}:${digest}`;
      storedAtMs.delete(name);
      storedAtMs.set(name, nowMs);
      const [oldest] = storedAtMs.keys();
      if (storedAtMs.size > limits.entriesMax && oldest !== undefined) storedAtMs.delete(oldest);
    },
  };
}
