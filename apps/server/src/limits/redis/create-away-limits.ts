import {
  type Claim,
  type Clock,
  type CountName,
  createMemoryLimits,
  type FindSpent,
  type LimitStore,
} from '@app/gateway';
import { journalClaimOf, type WireClaim } from './wire-claim.ts';

export type AwayLimits = LimitStore & {
  /** Reserves once what the counts had is known; 0 where nothing tells. */
  reserveSeeded(wires: readonly WireClaim[], done: Parameters<LimitStore['reserve']>[1]): void;
  /** What the shared counters last said of a count, or what was settled on one while they are away. */
  note(name: CountName, spent: number): void;
  add(wire: WireClaim, used: number): void;
};

/** Counts of this server alone, for the time in which the shared ones do not answer. */
export function createAwayLimits(deps: { clock: Clock; findSpent: FindSpent }): AwayLimits {
  const memory = createMemoryLimits({ clock: deps.clock });
  const seeded = new Set<string>();
  const load = (name: CountName, used: number): void =>
    memory.load(name.limitId, name.subject, { periodStartMs: name.periodStartMs, used });
  const seed = (unknown: readonly WireClaim[], then: () => void): void => {
    const names = unknown.map(journalClaimOf);
    if (seeded.size + names.length > SEEDED_MAX) seeded.clear();
    const finish = (spent: readonly number[]): void => {
      for (const [at, name] of names.entries()) load(name, spent[at] ?? 0);
      for (const { key } of unknown) seeded.add(key);
      then();
    };
    // Nothing durable answers either: the counts begin with what is known here.
    deps.findSpent(names).then(finish, () => finish([]));
  };
  const claimsOf = (wires: readonly WireClaim[]): Claim[] => wires.map(({ claim }) => claim);
  return {
    ...memory,
    reserveSeeded(wires, done) {
      const unknown = wires.filter(({ kind, key }) => kind === 'c' && !seeded.has(key));
      if (unknown.length === 0) memory.reserve(claimsOf(wires), done);
      else seed(unknown, () => memory.reserve(claimsOf(wires), done));
    },
    note: load,
    add(wire, used) {
      if (used === 0) return;
      const limit = { ...wire.claim.limit, enforcement: 'shadow' as const };
      memory.reserve([{ ...wire.claim, limit, amount: used }], (taken) => {
        if (taken.kind === 'taken') memory.settle(taken.hold, [used]);
      });
    },
  };
}

const SEEDED_MAX = 100_000;
