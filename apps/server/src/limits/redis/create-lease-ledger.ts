import type { WireClaim } from './wire-claim.ts';

/** One message to Redis. `used` is set for settling: what is charged if it was not done. */
export type Step = { wires: readonly WireClaim[]; args: readonly string[]; used?: readonly number[] };

/** What a lease has of one count, and what is to be charged to it. */
export type Share = {
  kind: WireClaim['kind'];
  amount: number;
  floor: number;
  charged: number;
  until: number;
};

/** What this server knows of its part in Redis, so that it can be said anew under another lease. */
export type LeaseLedger = {
  hold(wires: readonly WireClaim[]): void;
  drop(wires: readonly WireClaim[]): void;
  /** A step whose answer is not known: `seq` tells later whether it was done. */
  doubt(seq: number, step: Step): void;
  /** What was settled while nothing could be said. */
  charge(wires: readonly WireClaim[], used: readonly number[]): void;
  /** Charges that were said, and may not have been heard. */
  chargeAgain(shares: readonly (readonly [string, Share])[]): void;
  /**
   * The share of each count, given the last step that is known to be done. Doubts and charges are settled by this. A step
   * that may have been done has its counts here with nothing, so that what it may have left is dropped.
   */
  takeShares(doneSeq: number): (readonly [string, Share])[];
  /** What was settled while nothing could be said. Forgets the doubts: data that is new has done none of those steps. */
  takeCharges(): (readonly [string, Share])[];
  /** What is held of one count. */
  heldOf(key: string): number;
  /** The claims that are held. */
  listHeld(): WireClaim[];
};

/** Counts settled while away beyond these are left to the durable totals. */
const CHARGES_MAX = 100_000;

export function createLeaseLedger(): LeaseLedger {
  const held = new Set<readonly WireClaim[]>();
  const heldByKey = new Map<string, number>();
  const addHeldOf = ({ key, kind }: WireClaim, amount: number): void => {
    if (kind === 'b') return;
    const sum = (heldByKey.get(key) ?? 0) + amount;
    if (sum === 0) heldByKey.delete(key);
    else heldByKey.set(key, sum);
  };
  const doubts = new Map<number, Step>();
  const charges = new Map<string, Share>();
  const addCharge = (key: string, { kind, charged, until }: Share): void => {
    const known = charges.get(key);
    // One of 0 has its share dropped with the old lease's, whose floor would be charged otherwise.
    if (known === undefined && charges.size >= CHARGES_MAX) return;
    charges.set(key, { kind, amount: 0, floor: 0, charged: charged + (known?.charged ?? 0), until });
  };
  return {
    hold(wires) {
      held.add(wires);
      for (const wire of wires) addHeldOf(wire, wire.amount);
    },
    drop(wires) {
      if (held.delete(wires)) for (const wire of wires) addHeldOf(wire, -wire.amount);
    },
    doubt: (seq, step) => void doubts.set(seq, step),
    charge(wires, used) {
      for (const [at, { key, kind, until, amount }] of wires.entries()) {
        const charged = used[at] ?? amount;
        if (kind === 'c') addCharge(key, { kind, amount: 0, floor: 0, charged, until });
      }
    },
    chargeAgain(shares) {
      for (const [key, share] of shares) addCharge(key, share);
    },
    takeShares(doneSeq) {
      const shares = new Map<string, Share>();
      for (const wires of held) addHeld(shares, wires);
      for (const [seq, step] of doubts) addDoubt(shares, step, seq > doneSeq);
      for (const [key, share] of charges) shareOf(shares, { ...share, key }).charged += share.charged;
      doubts.clear();
      charges.clear();
      return [...shares];
    },
    takeCharges() {
      const taken = [...charges];
      doubts.clear();
      charges.clear();
      return taken;
    },
    heldOf: (key) => heldByKey.get(key) ?? 0,
    listHeld: () => [...held].flat(),
  };
}

type Shares = Map<string, Share>;

function shareOf(shares: Shares, { key, kind, until }: Pick<WireClaim, 'key' | 'kind' | 'until'>): Share {
  const share = shares.get(key) ?? { kind, amount: 0, floor: 0, charged: 0, until };
  shares.set(key, share);
  return share;
}

/** Buckets drain by themselves and have no leases. */
function addHeld(shares: Shares, wires: readonly WireClaim[]): void {
  for (const wire of wires) {
    if (wire.kind === 'b') continue;
    const share = shareOf(shares, wire);
    share.amount += wire.amount;
    share.floor += wire.floor;
  }
}

function addDoubt(shares: Shares, { wires, used }: Step, isUndone: boolean): void {
  for (const [at, wire] of wires.entries()) {
    if (wire.kind === 'b') continue;
    const share = shareOf(shares, wire);
    if (isUndone && wire.kind === 'c') share.charged += used?.[at] ?? 0;
  }
}
