export type Concurrency = {
  /** Gives the release, or `undefined` when `max` calls of `key` are under way. Releasing twice releases once. */
  acquire(key: string, max: number): (() => void) | undefined;
  /** Keys with a call under way, for tests and metrics. */
  size(): number;
};

/** Calls under way, by key. A key without one needs no memory. */
export function createConcurrency(): Concurrency {
  const underWay = new Map<string, number>();
  return {
    acquire(key, max) {
      const count = underWay.get(key) ?? 0;
      if (count >= max) return undefined;
      underWay.set(key, count + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (underWay.get(key) ?? 1) - 1;
        if (left > 0) underWay.set(key, left);
        else underWay.delete(key);
      };
    },
    size: () => underWay.size,
  };
}
