import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Claim, Count, Hold, Limit, Taken } from '@app/gateway';
import fc from 'fast-check';
import {
  createLimitModel,
  type Entry,
  historyOf,
  killInModel,
  type LimitModel,
  reserveInModel,
  settleInModel,
  usedOf,
} from './limit-model.ts';

/** Limits kept by one server or several, as a test moves them. */
export type LimitSystem = {
  servers: number;
  areBucketsShared: boolean;
  reserve(server: number, claims: readonly Claim[]): Promise<Taken>;
  settle(server: number, hold: Hold, used: readonly number[]): Promise<void>;
  /** The server dies with what it holds, its lease runs out, and another takes its place. */
  kill(server: number): Promise<void>;
  advance(byMs: number): Promise<void>;
  read(limit: Limit): Promise<Count>;
};

export type LimitStep =
  | { kind: 'reserve' | 'failover'; server: number; amounts: (number | undefined)[]; pick: number }
  /** Two targets at once; the one that loses used nothing. */
  | { kind: 'hedge'; server: number; amounts: (number | undefined)[]; pick: number }
  /** Thousandths of what was held. 0 is a failure, an estimate of what was produced is an abort, beyond 1,000 is the settle error. */
  | { kind: 'settle'; pick: number; perMille: number }
  | { kind: 'advance'; byMs: number }
  | { kind: 'kill'; server: number };

/** One of each kind; buckets drain whole units each millisecond. */
export function modelLimits(): Limit[] {
  const about = {
    organizationId: 'org_1',
    projectId: undefined,
    scope: { kind: 'project', id: 'proj_1' },
    enforcement: 'enforce',
    zone: 'UTC',
  } as const;
  return [
    { ...about, id: 'lim_requests', name: 'requests', measure: 'requests', period: 'minute', max: 60_000 },
    { ...about, id: 'lim_tokens', name: 'tokens', measure: 'tokens', period: 'hour', max: 3_600_000 },
    { ...about, id: 'lim_calls', name: 'calls', measure: 'concurrency', period: undefined, max: 60_000 },
    { ...about, id: 'lim_quota', name: 'quota', measure: 'output_tokens', period: 'day', max: 100_000 },
    { ...about, id: 'bud_cost', name: 'cost', measure: 'cost', period: 'month', max: 200_000 },
    {
      ...about,
      id: 'lim_watch',
      name: 'watch',
      measure: 'input_tokens',
      period: 'minute',
      max: 60_000,
      enforcement: 'shadow',
    },
  ];
}

/** Sequences of what can happen to calls, clocks and servers. */
export function limitSteps(servers: number, maxLength: number): fc.Arbitrary<LimitStep[]> {
  const server = fc.nat({ max: servers - 1 });
  const pick = fc.nat({ max: 20 });
  const amount = fc.option(fc.nat({ max: 50_000 }), { nil: undefined, freq: 2 });
  const amounts = fc.array(amount, { minLength: 6, maxLength: 6 });
  const waits = fc.oneof(
    fc.integer({ min: 1, max: 40_000 }),
    fc.constantFrom(61_000, 3_600_001, 86_400_000, 31 * 86_400_000),
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('reserve' as const), server, amounts, pick }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('settle' as const), pick, perMille: fc.nat({ max: 1_300 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('failover' as const), server, amounts, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('hedge' as const), server, amounts, pick }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('advance' as const), byMs: waits }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), server }) },
  );
  return fc.array(step, { maxLength, size: 'max' });
}

type Held = { server: number; hold: Hold; entries: readonly Entry[]; limits: readonly Limit[] };

/** Plays steps on a system and on the model, and throws where they differ or a bound is passed. Gives how many holds were taken and refused. */
export async function playLimits(
  system: LimitSystem,
  steps: readonly LimitStep[],
  startedAtMs: number,
): Promise<{ taken: number; refused: number }> {
  const limits = modelLimits();
  const play = {
    system,
    limits,
    model: createLimitModel(limits, startedAtMs),
    held: [] as Held[],
    taken: 0,
    refused: 0,
  };
  for (const step of steps) {
    await playStep(play, step);
    await compare(play);
  }
  return play;
}

type Play = {
  system: LimitSystem;
  limits: readonly Limit[];
  model: LimitModel;
  held: Held[];
  taken: number;
  refused: number;
};

async function playStep(play: Play, step: LimitStep): Promise<void> {
  const { system, model } = play;
  if (step.kind === 'advance') {
    model.nowMs += step.byMs;
    await system.advance(step.byMs);
  } else if (step.kind === 'kill') {
    killInModel(model, step.server, system);
    play.held = play.held.filter(({ server }) => server !== step.server);
    await system.kill(step.server);
  } else if (step.kind === 'settle') {
    await settle(play, step.pick, step.perMille);
  } else if (step.kind === 'failover') {
    await settle(play, step.pick, 0);
    await reserve(play, step);
  } else if (step.kind === 'hedge') {
    await Promise.all([reserve(play, step), reserve(play, step)]);
    await settle(play, play.held.length - 1, 0);
  } else {
    await reserve(play, step);
  }
}

async function reserve(
  play: Play,
  step: { server: number; amounts: (number | undefined)[]; pick: number },
): Promise<void> {
  const { limits, model, system } = play;
  const claims = limits.flatMap((limit, at) => {
    const amount = step.amounts[at];
    return amount === undefined
      ? []
      : [{ limit, subject: '', amount, floor: Math.floor((amount * step.pick) / 20) }];
  });
  if (claims.length === 0) return;
  const before = claims.map(({ limit }) => usedOf(model, limit));
  const entries = reserveInModel(model, step.server, claims);
  const after = claims.map(({ limit }) => usedOf(model, limit));
  const taken = await system.reserve(step.server, claims);
  equal(taken.kind, entries === undefined ? 'refused' : 'taken');
  deepEqual(
    taken.counts.map(({ used }) => used),
    entries === undefined ? before : after,
  );
  deepEqual(
    taken.counts.map(({ isExceeded }) => isExceeded),
    claims.map(({ limit, amount }, at) => (before[at] ?? 0) + amount > limit.max),
  );
  if (taken.kind === 'refused' || entries === undefined) {
    play.refused += 1;
    return;
  }
  play.taken += 1;
  play.held.push({
    server: step.server,
    hold: taken.hold,
    entries,
    limits: claims.map(({ limit }) => limit),
  });
}

async function settle(play: Play, pick: number, perMille: number): Promise<void> {
  const [held] = play.held.splice(pick % Math.max(1, play.held.length), 1);
  if (held === undefined) return;
  const used = held.entries.map(({ amount }) => Math.floor((amount * perMille) / 1_000));
  settleInModel(
    play.model,
    held.entries.map((entry, at) => ({ limit: held.limits[at] ?? missing(), entry, used: used[at] ?? 0 })),
  );
  await play.system.settle(held.server, held.hold, used);
  // A second time changes nothing.
  await play.system.settle(held.server, held.hold, used);
}

async function compare({ system, limits, model }: Play): Promise<void> {
  for (const limit of limits) {
    const expected = usedOf(model, limit);
    const { used } = await system.read(limit);
    equal(used, expected, `${limit.id}: ${used} used, and it should be ${expected}`);
    ok(used >= 0, `${limit.id} is negative`);
    const boundOf = limit.max + historyOf(model, limit).excess;
    ok(limit.enforcement === 'shadow' || used <= boundOf, `${limit.id} has ${used} of ${limit.max}`);
  }
}

function missing(): never {
  throw new Error('an entry without its limit');
}
