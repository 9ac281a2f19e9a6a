import type { LimitDelta } from '@app/store';

type Sum = { -readonly [field in keyof LimitDelta]: LimitDelta[field] };

/** Changes of counts, added up by count and period. */
export type DeltaSums = {
  /** False when it is a new count and there is no room for it. */
  add(delta: LimitDelta): boolean;
  /** Gives all sums that are not zero and begins anew. */
  take(): LimitDelta[];
  /** Gives all sums that are not zero. */
  list(): LimitDelta[];
  size(): number;
};

export function createDeltaSums(countsMax = Number.POSITIVE_INFINITY): DeltaSums {
  let sums = new Map<string, Sum>();
  const list = () => [...sums.values()].filter(({ used, held }) => used !== 0 || held !== 0);
  return {
    add(delta) {
      // No id holds a line break, and a time has none.
      const key = `${delta.limitId}\n${delta.periodStartMs}\n${delta.subject}`;
      const sum = sums.get(key);
      if (sum !== undefined) {
        // What is absurd stays a number that can be written down and read.
        sum.used = Math.min(sum.used + delta.used, Number.MAX_SAFE_INTEGER);
        sum.held += delta.held;
        return true;
      }
      if (sums.size >= countsMax) return false;
      sums.set(key, { ...delta });
      return true;
    },
    list,
    take() {
      const taken = list();
      if (sums.size > 0) sums = new Map();
      return taken;
    },
    size: () => sums.size,
  };
}
