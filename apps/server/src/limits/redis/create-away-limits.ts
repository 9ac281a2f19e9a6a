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
  /** The shared counters do not answer from now on: what is left is shared out anew. */
  begin(): void;
  /** Reserves once what the counts had is known; 0 where nothing tells. */
  reserveSeeded(wires: readonly WireClaim[], done: Parameters<LimitStore['reserve']>[1]): void;
  /** What the shared counters last said of a count, or what was settled on one while they are away. */
  note(name: CountName, spent: number): void;
  add(wire: WireClaim, used: number): void;
};

export type AwayDeps = {
  clock: Clock;
  findSpent: FindSpent;
  /** Servers that share the counts, this one among them; the last number that is known where none is to be had. */
  countServers: () => Promise<number>;
  /** What is held of a count in the shared counters, and is not known here. */
  heldOf: (key: string) => number;
};

/**
 * Counts of this server alone, for the time in which the shared ones do not answer. Each server has its part of what is
 * left of a day or month, and of the size of what is not counted by days.
 */
export function createAwayLimits(deps: AwayDeps): AwayLimits {
  const memory = createMemoryLimits({ clock: deps.clock });
  /** What this server may use of a count in this absence, by what the limit was then. */
  let bounds = new Map<string, { max: number; bound: number }>();
  const load = (name: CountName, used: number): void =>
    memory.load(name.limitId, name.subject, { periodStartMs: name.periodStartMs, used });
  const boundIn = ({ key, kind, max, claim }: WireClaim, servers: number): void => {
    if (bounds.size >= BOUNDS_MAX) bounds.clear();
    const used = kind === 'c' ? memory.read(claim.limit, claim.subject).used : 0;
    const part = Math.floor(Math.max(0, max - used) / servers);
    // A place or a request is not to be had in parts.
    const bound = kind === 'c' ? used + part : Math.max(Math.min(1, max), part);
    bounds.set(key, { max, bound });
  };
  const localClaim = ({ key, kind, claim }: WireClaim): Claim => {
    const held = kind === 'b' ? 0 : deps.heldOf(key);
    const { extra, ...limit } = claim.limit;
    return { ...claim, limit: { ...limit, max: Math.max(0, (bounds.get(key)?.bound ?? 0) - held) } };
  };
  const seed = (unknown: readonly WireClaim[], then: () => void): void => {
    const of = bounds;
    const names = unknown.filter(({ kind }) => kind === 'c').map(journalClaimOf);
    // Where nothing durable answers either, the counts begin with what is known here.
    const spent = deps.findSpent(names).catch((): readonly number[] => []);
    void Promise.all([spent, deps.countServers()]).then(([totals, servers]) => {
      for (const [at, name] of names.entries()) load(name, totals[at] ?? 0);
      // Calls that came together find the bound of the first.
      for (const wire of unknown) if (of === bounds && !isBound(wire)) boundIn(wire, servers);
      then();
    });
  };
  const isBound = ({ key, max }: WireClaim): boolean => bounds.get(key)?.max === max;
  return {
    ...memory,
    begin() {
      bounds = new Map();
    },
    reserveSeeded(wires, done) {
      const unknown = wires.filter((wire) => !isBound(wire));
      const reserve = (): void =>
        memory.reserve(wires.map(localClaim), (taken) => done(withLimits(taken, wires)));
      if (unknown.length === 0) reserve();
      else seed(unknown, reserve);
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

const BOUNDS_MAX = 100_000;

/** Callers know the limits as they are set. */
function withLimits(
  taken: Parameters<Parameters<LimitStore['reserve']>[1]>[0],
  wires: readonly WireClaim[],
): typeof taken {
  if (taken.kind === 'away') return taken;
  const counts = taken.counts.map((count, at) => ({
    ...count,
    limit: wires[at]?.claim.limit ?? count.limit,
  }));
  return { ...taken, counts };
}
