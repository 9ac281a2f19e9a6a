/** Runs work, some at a time; undefined when too much waits already. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T | undefined>;

/**
 * Lets `concurrencyMax` pieces of work run and `waitingMax` wait, in order of arrival; what comes beyond is turned away
 * at once.
 */
export function createGate(concurrencyMax: number, waitingMax: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= concurrencyMax) {
      if (waiting.length >= waitingMax) return undefined;
      // Whoever leaves hands its place over, so that nobody who comes later can slip in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
