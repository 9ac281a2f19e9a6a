import { createFakeClock, type LimitSystem, limitSteps, modelLimits, playLimits } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Taken } from '../../src/limits/limit.ts';
import type { LimitJournal } from '../../src/limits/limit-journal.ts';
import { createMemoryLimits } from '../../src/limits/memory/create-memory-limits.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 31, 12);

/** A process whose counts die with it; the next one begins with what its journal had. */
function openMemorySystem(): LimitSystem {
  const { clock, advance } = createFakeClock(STARTED_AT_MS);
  const durable = createDurable();
  const open = () => createMemoryLimits({ clock, journal: durable.journal });
  let limits = open();
  return {
    servers: 1,
    areBucketsShared: false,
    async reserve(_server, claims) {
      let answer: Taken | undefined;
      limits.reserve(claims, (taken) => {
        answer = taken;
      });
      // Without waiting: that is the promise of counts in memory.
      if (answer === undefined) throw new Error('reserve did not answer before it returned');
      return answer;
    },
    settle: async (_server, hold, used) => limits.settle(hold, used),
    async kill() {
      limits = open();
      for (const { limitId, subject, periodStartMs, used } of durable.recover()) {
        limits.load(limitId, subject, { periodStartMs, used });
      }
    },
    advance: async (byMs) => advance(byMs),
    read: async (limit) => limits.read(limit, ''),
  };
}

type Total = { limitId: string; subject: string; periodStartMs: number; used: number };

/** What a journal amounts to: what was settled, and the floors of what was not. */
function createDurable(): { journal: LimitJournal; recover(): Total[] } {
  const totals = new Map<string, Total>();
  let open = new Map<number, Parameters<LimitJournal['reserved']>[1]>();
  const add = ({ limitId, subject, periodStartMs }: Omit<Total, 'used'>, used: number): void => {
    const key = `${limitId} ${periodStartMs} ${subject}`;
    totals.set(key, { limitId, subject, periodStartMs, used: (totals.get(key)?.used ?? 0) + used });
  };
  return {
    journal: {
      reserved: (holdId, claims) => void open.set(holdId, claims),
      settled(holdId, claims, used) {
        if (!open.delete(holdId)) throw new Error('settled without having been reserved');
        for (const [at, claim] of claims.entries()) add(claim, used[at] ?? 0);
      },
    },
    recover() {
      for (const claims of open.values()) for (const claim of claims) add(claim, claim.floor);
      open = new Map();
      return [...totals.values()];
    },
  };
}

test('counts in memory are those of the model, whatever happens to calls, clocks and the process', async () => {
  let taken = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(limitSteps(1, 60), async (steps) => {
      const played = await playLimits(openMemorySystem(), steps, STARTED_AT_MS);
      taken += played.taken;
      refused += played.refused;
    }),
    { numRuns: 400, seed: 20_260_131 },
  );
  // The steps reach both.
  expect(taken).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(500);
});

test('a thousand callers at once with mixed outcomes never pass a limit by more than what settling added', async () => {
  const outcome = fc.record({
    amount: fc.nat({ max: 2_000 }),
    perMille: fc.nat({ max: 1_200 }),
    order: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { minLength: 1_000, maxLength: 1_000 }), async (callers) => {
      const system = openMemorySystem();
      const limits = modelLimits();
      let excess = 0;
      const check = async (): Promise<void> => {
        for (const limit of limits) {
          const { used } = await system.read(limit);
          expect(used).toBeGreaterThanOrEqual(0);
          if (limit.enforcement === 'enforce') expect(used).toBeLessThanOrEqual(limit.max + excess);
        }
      };
      await Promise.all(
        callers.map(async ({ amount, perMille, order }) => {
          const claims = limits.map((limit) => ({ limit, subject: '', amount, floor: 0 }));
          for (let turn = 0; turn < order % 5; turn += 1) await Promise.resolve();
          const taken = await system.reserve(0, claims);
          for (let turn = 0; turn < order % 7; turn += 1) await Promise.resolve();
          if (taken.kind !== 'taken') return;
          const used = Math.floor((amount * perMille) / 1_000);
          excess += Math.max(0, used - amount);
          await system.settle(
            0,
            taken.hold,
            limits.map(() => used),
          );
          if (order % 50 === 0) await check();
        }),
      );
      await check();
      // Nothing is held any more.
      const [calls] = limits.filter(({ measure }) => measure === 'concurrency');
      if (calls !== undefined) expect((await system.read(calls)).used).toBe(0);
    }),
    { numRuns: 10, seed: 7 },
  );
});
