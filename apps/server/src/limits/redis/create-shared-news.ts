import { type Clock, type TellNews, type Told, tellRefused, tellShadow, tellSpent } from '@app/gateway';
import type { WireClaim, WireCount } from './wire-claim.ts';

/** News of counts in Redis. Each server tells what it sees, so one thing may be told once by each. */
export type SharedNews = {
  tellCounters(kind: 'counters_away' | 'counters_back'): void;
  taken(wire: WireClaim, count: WireCount): void;
  refused(wire: WireClaim, count: WireCount): void;
  settled(wire: WireClaim, spent: number): void;
};

export function createSharedNews(tell: TellNews = () => undefined, clock: Pick<Clock, 'nowMs'>): SharedNews {
  const known = new Map<string, Told>();
  const toldOf = (key: string): Told => {
    const found = known.get(key) ?? { percent: 0, isExhausted: false, isShadow: false };
    // Forgotten, a thing is told once more.
    if (known.size >= TOLD_MAX) known.clear();
    known.set(key, found);
    return found;
  };
  const stateOf = ({ key, claim: { limit, subject }, max }: WireClaim, spent: number) => {
    return { limit, subject, max, spent, told: toldOf(key) };
  };
  return {
    tellCounters: (kind) => tell({ kind, atMs: clock.nowMs() }),
    taken(wire, { isExceeded, used }) {
      if (isExceeded) tellShadow(tell, stateOf(wire, used), clock.nowMs());
      else if (wire.kind !== 'c') {
        const told = known.get(wire.key);
        if (told !== undefined) told.isShadow = false;
      }
    },
    refused(wire, { spent }) {
      const { claim, kind, amount } = wire;
      if (kind !== 'c' || claim.limit.enforcement === 'shadow') return;
      tellRefused(tell, { ...stateOf(wire, spent), amount }, clock.nowMs());
    },
    settled(wire, spent) {
      if (wire.kind === 'c' && wire.claim.limit.budget !== undefined)
        tellSpent(tell, stateOf(wire, spent), clock.nowMs());
    },
  };
}

const TOLD_MAX = 100_000;
