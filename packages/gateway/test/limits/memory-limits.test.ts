import { createFakeClock, modelLimits } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Claim, Count, Limit, LimitNews, Taken } from '../../src/limits/limit.ts';
import { createMemoryLimits, type MemoryLimits } from '../../src/limits/memory/create-memory-limits.ts';

const [requests, tokens, calls, quota, cost] = modelLimits() as [Limit, Limit, Limit, Limit, Limit];
const budget: Limit = {
  ...cost,
  max: 1_000,
  budget: { action: { kind: 'block' }, warnPercents: [50, 80, 100], isStrict: false },
};

function claim(limit: Limit, amount: number, subject = ''): Claim {
  return { limit, subject, amount, floor: 0 };
}

function reserve(limits: MemoryLimits, ...claims: Claim[]): Taken {
  let answer: Taken | undefined;
  limits.reserve(claims, (taken) => {
    answer = taken;
  });
  if (answer === undefined) throw new Error('not answered at once');
  return answer;
}

function spend(limits: MemoryLimits, claimed: Claim, used: number): void {
  const taken = reserve(limits, claimed);
  if (taken.kind !== 'taken') throw new Error(`not taken but ${taken.kind}`);
  limits.settle(taken.hold, [used]);
}

function onlyCount(taken: Taken): Count {
  const count = taken.kind === 'away' ? undefined : taken.counts[0];
  if (count === undefined) throw new Error('no count');
  return count;
}

test('a dispatch takes all its claims or none', () => {
  const limits = createMemoryLimits({ clock: createFakeClock().clock });
  const refused = reserve(
    limits,
    claim(requests, 1),
    claim(tokens, 5),
    claim(calls, 1),
    claim(budget, 1_001),
  );
  expect(refused.kind).toBe('refused');
  for (const limit of [requests, tokens, calls, budget]) expect(limits.read(limit, '').used).toBe(0);
});

test('one dispatch with two claims on one count needs room for both', () => {
  const limits = createMemoryLimits({ clock: createFakeClock().clock });
  expect(reserve(limits, claim(budget, 600), claim(budget, 600)).kind).toBe('refused');
  expect(limits.read(budget, '').used).toBe(0);
  expect(reserve(limits, claim(budget, 600), claim(budget, 400)).kind).toBe('taken');
  expect(limits.read(budget, '').used).toBe(1_000);
});

test('each subject has a count of its own', () => {
  const limits = createMemoryLimits({ clock: createFakeClock().clock });
  spend(limits, claim(budget, 900, 'ann'), 900);
  expect(reserve(limits, claim(budget, 900, 'ann')).kind).toBe('refused');
  expect(reserve(limits, claim(budget, 900, 'bob')).kind).toBe('taken');
});

test('a refusal says when the amount will fit', () => {
  const { clock, advance } = createFakeClock();
  const limits = createMemoryLimits({ clock });
  reserve(limits, claim(requests, 60_000));
  const { retryAfterMs } = onlyCount(reserve(limits, claim(requests, 1_000)));
  expect(retryAfterMs).toBe(1_000);
  advance(999);
  expect(reserve(limits, claim(requests, 1_000)).kind).toBe('refused');
  advance(1);
  expect(reserve(limits, claim(requests, 1_000)).kind).toBe('taken');
  spend(limits, claim(budget, 1_000), 1_000);
  const month = onlyCount(reserve(limits, claim(budget, 1)));
  expect(month.retryAfterMs).toBe(Date.UTC(2026, 1, 1) - clock.nowMs());
  expect(month.resetMs).toBe(month.retryAfterMs);
});

test('what was carried over or granted counts in its own period and no other', () => {
  const { clock, advance } = createFakeClock(Date.UTC(2026, 0, 31, 12));
  const limits = createMemoryLimits({ clock });
  const granted: Limit = {
    ...budget,
    extra: { periodStartMs: Date.UTC(2026, 0, 1), bySubject: new Map([['ann', 500]]) },
  };
  expect(onlyCount(reserve(limits, claim(granted, 1_500, 'ann')))).toMatchObject({
    max: 1_500,
    isExceeded: false,
  });
  expect(reserve(limits, claim(granted, 1_001, 'bob')).kind).toBe('refused');
  advance(86_400_000);
  expect(onlyCount(reserve(limits, claim(granted, 1_001, 'ann')))).toMatchObject({
    max: 1_000,
    isExceeded: true,
  });
});

test('a clock that goes back or a month ahead and returns frees nothing of what was spent', () => {
  const { clock: steady } = createFakeClock(Date.UTC(2026, 0, 15, 12));
  let offMs = 0;
  const limits = createMemoryLimits({ clock: { ...steady, nowMs: () => steady.nowMs() + offMs } });
  spend(limits, claim(budget, 900), 900);
  reserve(limits, claim(requests, 60_000));
  for (const jumpMs of [-86_400_000, 31 * 86_400_000, -3_600_000, 20 * 86_400_000]) {
    offMs = jumpMs;
    for (let other = 0; other < 10; other += 1) spend(limits, claim(budget, 10, `other ${other}`), 10);
    // Minutes do not look at the wall clock at all.
    expect(reserve(limits, claim(requests, 1)).kind).toBe('refused');
    offMs = 0;
    expect(limits.read(budget, '').used).toBe(900);
    expect(reserve(limits, claim(budget, 200)).kind).toBe('refused');
  }
});

test('amounts that are none are never free and give nothing back', () => {
  const limits = createMemoryLimits({ clock: createFakeClock().clock });
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
    expect(reserve(limits, claim(budget, odd)).kind, String(odd)).toBe('refused');
  }
  expect(onlyCount(reserve(limits, claim(budget, -5))).used).toBe(0);
  for (const odd of [Number.NaN, Number.NEGATIVE_INFINITY, -1, 2 ** 60, Number.POSITIVE_INFINITY]) {
    spend(limits, claim(budget, 10, String(odd)), odd);
    expect(limits.read(budget, String(odd)).used, String(odd)).toBe(10);
  }
  for (const max of [Number.NaN, -1, 0]) {
    expect(reserve(limits, claim({ ...tokens, id: `lim_${max}`, max }, 1)).kind).toBe('refused');
  }
});

test('a limit that only watches counts, tells once, and refuses nobody', () => {
  const told: LimitNews[] = [];
  const limits = createMemoryLimits({ clock: createFakeClock().clock, tell: (news) => told.push(news) });
  const watch: Limit = { ...budget, enforcement: 'shadow' };
  for (let call = 0; call < 5; call += 1) spend(limits, claim(watch, 400), 400);
  expect(limits.read(watch, '').used).toBe(2_000);
  expect(told.filter(({ kind }) => kind === 'exceeded_shadow')).toHaveLength(1);
});

test('the owner of a budget is told of each threshold once a period, and once that it is spent', () => {
  const told: string[] = [];
  const { clock, advance } = createFakeClock(Date.UTC(2026, 0, 15));
  const tell = ({ kind, percent = 0 }: LimitNews) => void told.push(`${kind} ${percent}`);
  const limits = createMemoryLimits({ clock, tell });
  reserve(limits, claim(budget, 900));
  expect(told, 'what is only reserved tells nobody').toEqual([]);
  const open = createMemoryLimits({ clock, tell });
  for (let call = 0; call < 12; call += 1) {
    const taken = reserve(open, claim(budget, 90));
    if (taken.kind === 'taken') open.settle(taken.hold, [90]);
  }
  expect(told).toEqual(['warned 50', 'warned 80', 'exhausted 0']);
  advance(31 * 86_400_000);
  spend(open, claim(budget, 600), 600);
  expect(told.at(-1)).toBe('warned 50');
});

test('one call that is too large does not mean that a budget is spent', () => {
  const told: string[] = [];
  const limits = createMemoryLimits({
    clock: createFakeClock().clock,
    tell: ({ kind }) => void told.push(kind),
  });
  expect(reserve(limits, claim(budget, 5_000)).kind).toBe('refused');
  expect(told).toEqual([]);
});

test('what was used before this process began counts, and nothing is loaded twice', () => {
  const { clock } = createFakeClock(Date.UTC(2026, 0, 15));
  const limits = createMemoryLimits({ clock });
  const startMs = Date.UTC(2026, 0, 1);
  limits.load(budget.id, '', { periodStartMs: startMs, used: 700 });
  limits.load(budget.id, '', { periodStartMs: startMs, used: 700 });
  limits.load(budget.id, '', { periodStartMs: Date.UTC(2025, 11, 1), used: 999 });
  expect(limits.read(budget, '').used).toBe(700);
  expect(reserve(limits, claim(budget, 301)).kind).toBe('refused');
  expect(reserve(limits, claim(budget, 300)).kind).toBe('taken');
});

test('counts that are empty are forgotten while others are used', () => {
  const { clock, advance } = createFakeClock(Date.UTC(2026, 0, 15));
  const limits = createMemoryLimits({ clock });
  for (let subject = 0; subject < 3_000; subject += 1) {
    spend(limits, claim(requests, 1, `${subject}`), 1);
    spend(limits, claim(quota, 1, `${subject}`), 1);
    spend(limits, claim(calls, 1, `${subject}`), 0);
  }
  expect(limits.size()).toBeGreaterThan(6_000);
  advance(2 * 86_400_000);
  for (let call = 0; call < 3_500; call += 1) {
    for (const limit of [requests, quota, calls]) spend(limits, claim(limit, 1, 'busy'), 0);
  }
  expect(limits.size()).toBeLessThanOrEqual(3);
});

test('an hour that does not divide into whole units holds no more than its bound, and is empty in time', () => {
  const steps = fc.array(fc.tuple(fc.nat({ max: 90_000 }), fc.nat({ max: 400 }), fc.nat({ max: 1_000 })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), steps, (max, waits) => {
      const { clock, advance } = createFakeClock();
      const limits = createMemoryLimits({ clock });
      const odd: Limit = { ...tokens, max };
      const used: { atMs: number; amount: number }[] = [];
      for (const [waitMs, amount, perMille] of waits) {
        advance(waitMs);
        const taken = reserve(limits, claim(odd, amount));
        if (taken.kind !== 'taken') continue;
        const real = Math.floor((amount * perMille) / 1_000);
        limits.settle(taken.hold, [real]);
        used.push({ atMs: clock.monotonicMs(), amount: real });
        // Of any stretch of time, no more than a full bucket and what drains meanwhile.
        let sum = 0;
        for (const { atMs, amount: one } of used.toReversed()) {
          sum += one;
          expect(sum).toBeLessThanOrEqual(max + Math.ceil(((clock.monotonicMs() - atMs) * max) / 3_600_000));
        }
      }
      advance(limits.read(odd, '').resetMs);
      expect(limits.read(odd, '').used).toBe(0);
    }),
    { numRuns: 100, seed: 5 },
  );
});

test('who makes up names without end takes a bounded room, shares one count, and takes nothing from the others', () => {
  const limits = createMemoryLimits({ clock: createFakeClock().clock, countsMax: 100 });
  const max = 1_000;
  const daily = { ...quota, max };
  spend(limits, claim(daily, max, 'ann'), max);
  for (let user = 0; user < 10_000; user += 1) {
    const taken = reserve(limits, claim(daily, 1, `made up ${user}`));
    if (taken.kind === 'taken') limits.settle(taken.hold, [1]);
  }
  expect(limits.size()).toBe(101);
  expect(limits.read(daily, '*').used).toBe(max);
  expect(reserve(limits, claim(daily, 1, 'somebody new')).kind).toBe('refused');
  expect(reserve(limits, claim(daily, 1, 'made up 3')).kind).toBe('taken');
  expect(limits.read(daily, 'ann').used).toBe(max);
});
