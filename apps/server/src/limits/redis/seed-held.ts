import type { LimitStore } from '@app/gateway';
import type { WireClaim } from './wire-claim.ts';

/**
 * Seeds the counts on which something is held in data that is new, before calls end: what others settle on a count
 * without a total is added to one that may have it already. What fails is seeded by whoever needs the count next.
 */
export function seedHeld(store: LimitStore, held: readonly WireClaim[]): void {
  const wires = new Map<string, WireClaim>();
  for (const wire of held) if (wire.kind === 'c' && wires.size < COUNTS_MAX) wires.set(wire.key, wire);
  for (const { claim } of wires.values()) {
    // Takes nothing, refuses nothing and tells nobody: what is missing is put there on the way.
    const { budget, extra, ...own } = claim.limit;
    const limit = { ...own, max: Number.MAX_SAFE_INTEGER, enforcement: 'shadow' as const };
    store.reserve([{ ...claim, limit, amount: 0, floor: 0 }], (taken) => {
      if (taken.kind === 'taken') store.settle(taken.hold, [0]);
    });
  }
}

const COUNTS_MAX = 10_000;
