import type { Claim, Hold, LimitStore } from '../src/index.ts';

export type WatchedLimits = LimitStore & {
  /** Holds that were taken and not settled yet. */
  open(): number;
  /** What was settled, by the limit's id. */
  settled: Map<string, number>;
  /** What must never happen. */
  breaches: string[];
  /** Answers what was asked and not answered yet; only where `isLate`. */
  answer(): void;
};

/** The same counts, looked at: each hold is settled once, by whoever took it. `isLate`: they answer when told to. */
export function watchLimits(store: LimitStore, isLate: boolean): WatchedLimits {
  const held = new Set<Hold>();
  const settled = new Map<string, number>();
  const breaches: string[] = [];
  let waiting: (() => void)[] = [];
  return {
    settled,
    breaches,
    open: () => held.size,
    answer() {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
    reserve(claims, done) {
      if (claims.length === 0) breaches.push('nothing was reserved');
      for (const fault of claims.flatMap(faultsOf)) breaches.push(fault);
      const take = () =>
        store.reserve(claims, (taken) => {
          if (taken.kind === 'taken') held.add(taken.hold);
          done(taken);
        });
      if (isLate) waiting.push(take);
      else take();
    },
    settle(hold, used) {
      if (!held.delete(hold)) breaches.push('a hold was settled twice, or was never taken');
      if (used.length !== hold.claims.length) breaches.push('a claim was not settled');
      for (const [at, { limit }] of hold.claims.entries())
        settled.set(limit.id, (settled.get(limit.id) ?? 0) + (used[at] ?? 0));
      store.settle(hold, used);
    },
  };
}

function faultsOf({ limit, amount, floor }: Claim): string[] {
  const isSound =
    Number.isSafeInteger(amount) && Number.isSafeInteger(floor) && floor >= 0 && floor <= amount;
  return isSound ? [] : [`a claim on ${limit.id} was ${amount} with a floor of ${floor}`];
}
