const ENTRIES_MAX = 50_000;

export type AttemptLimit = {
  /** Counts one try; when too many came within the window, `allowed` is false and `retryAfter` says how many seconds to wait. */
  consume(
    key: string,
    rule: { window: number; max: number },
  ): Promise<{ allowed: boolean; retryAfter: number | null }>;
};

/**
 * Counts tries per key in fixed windows of seconds, in memory and bounded: when it is full the oldest windows go
 * first. It slows guessing down on this process; it is not an account lock, which would let anyone lock anyone out.
 */
export function createAttemptLimit(nowMs: () => number): AttemptLimit {
  const windows = new Map<string, { startMs: number; count: number }>();
  return {
    consume: async (key, rule) => {
      const now = nowMs();
      const found = windows.get(key);
      const isOpen = found !== undefined && now - found.startMs < rule.window * 1000;
      const current = isOpen ? found : { startMs: now, count: 0 };
      if (current.count >= rule.max) {
        return { allowed: false, retryAfter: Math.ceil((current.startMs + rule.window * 1000 - now) / 1000) };
      }
      current.count += 1;
      // Set anew, so that the map's order is the order of the windows' starts.
      if (!isOpen) windows.delete(key);
      windows.set(key, current);
      for (const oldest of windows.keys()) {
        if (windows.size <= ENTRIES_MAX) break;
        windows.delete(oldest);
      }
      return { allowed: true, retryAfter: null };
    },
  };
}
