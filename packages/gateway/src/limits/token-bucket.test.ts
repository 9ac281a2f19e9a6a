import { createFakeClock } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConcurrency } from './concurrency.ts';
import { createTokenBucket } from './token-bucket.ts';

test('no minute ever holds more requests than twice the limit, and no idle key is refused', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), steps, (max, waits) => {
      const { clock, advance } = createFakeClock();
      const bucket = createTokenBucket(clock);
      const taken: number[] = [];
      for (const [at, waitMs] of waits.entries()) {
        advance(waitMs);
        const idle = bucket.take(`idle ${at}`, max);
        expect(idle.ok).toBe(true);
        if (bucket.take('busy', max).ok) taken.push(clock.monotonicMs());
      }
      for (const startMs of taken) {
        const inMinute = taken.filter((atMs) => atMs >= startMs && atMs < startMs + 60_000);
        // A full bucket at the start, and what flows in during the minute.
        expect(inMinute.length).toBeLessThanOrEqual(2 * max);
      }
    }),
    { numRuns: 100, seed: 7 },
  );
});

test('a full bucket gives all it holds at once, then one whenever it says', () => {
  const { clock, advance } = createFakeClock();
  const bucket = createTokenBucket(clock);
  const first = Array.from({ length: 60 }, () => bucket.take('key', 60));
  expect(first.every((take) => take.ok)).toBe(true);
  expect(first.map((take) => take.remaining)).toEqual(Array.from({ length: 60 }, (_, at) => 59 - at));
  const refused = bucket.take('key', 60);
  expect(refused).toEqual({ ok: false, remaining: 0, resetMs: 60_000, retryAfterMs: 1_000 });
  advance(999);
  expect(bucket.take('key', 60).ok).toBe(false);
  advance(1);
  expect(bucket.take('key', 60)).toMatchObject({ ok: true, remaining: 0 });
});

test('keys that are idle are forgotten while others call', () => {
  const { clock, advance } = createFakeClock();
  const bucket = createTokenBucket(clock);
  for (let key = 0; key < 10_000; key++) bucket.take(`key ${key}`, 60);
  expect(bucket.size()).toBe(10_000);
  advance(1_000);
  for (let call = 0; call < 5_001; call++) bucket.take('busy', 1_000_000);
  expect(bucket.size()).toBe(1);
});

test('a limit of nothing lets nothing in, and no limit lets everything in', () => {
  const bucket = createTokenBucket(createFakeClock().clock);
  expect(bucket.take('key', 0).ok).toBe(false);
  expect(bucket.take('key', Number.NaN).ok).toBe(false);
  for (let call = 0; call < 1_000; call++) expect(bucket.take('key', Infinity).ok).toBe(true);
  expect(bucket.size()).toBe(0);
});

test('a place that is released twice is free once, and a key without calls is forgotten', () => {
  const concurrency = createConcurrency();
  const first = concurrency.acquire('key', 2);
  const second = concurrency.acquire('key', 2);
  expect(concurrency.acquire('key', 2)).toBeUndefined();
  first?.();
  first?.();
  expect(concurrency.acquire('key', 2)).toBeDefined();
  expect(concurrency.acquire('key', 2)).toBeUndefined();
  second?.();
  expect(concurrency.size()).toBe(1);
});
