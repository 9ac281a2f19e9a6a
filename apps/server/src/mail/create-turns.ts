/** Undefined when too many wait for the same thing. */
export type TakeTurn = <T>(name: string, run: () => Promise<T>) => Promise<T | undefined>;

/** Runs a few at once for each name, in the order they came. */
export function createTurns(limits: { runningMax: number; waitingMax: number }): TakeTurn {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>();
  return async (name, run) => {
    const lane = lanes.get(name) ?? { running: 0, waiting: [] };
    lanes.set(name, lane);
    if (lane.running < limits.runningMax) lane.running += 1;
    else if (lane.waiting.length >= limits.waitingMax) return undefined;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else lane.running -= 1;
      if (lane.running === 0) lanes.delete(name);
    }
  };
}
