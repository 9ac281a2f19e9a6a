import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackOff } from './back-off.ts';

const options = { firstMs: 50, maxMs: 10_000, healthyAfterMs: 30_000 };

test('pauses double up to the longest, and a healthy run starts them anew', () => {
  const backOff = createBackOff(options, () => 1);
  expect(Array.from({ length: 10 }, () => backOff.nextMs(0))).toEqual([
    50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000,
  ]);
  expect(backOff.nextMs(30_000)).toBe(50);
  expect(backOff.nextMs(29_999)).toBe(100);
});

test('no pause is longer than the longest or shorter than three quarters of the first', () => {
  const runs = fc.array(
    fc.record({ ranMs: fc.nat(60_000), chance: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  );
  fc.assert(
    fc.property(runs, (lives) => {
      let chance = 0;
      const backOff = createBackOff(options, () => chance);
      for (const life of lives) {
        chance = life.chance;
        const pauseMs = backOff.nextMs(life.ranMs);
        expect(pauseMs).toBeLessThanOrEqual(options.maxMs);
        expect(pauseMs).toBeGreaterThanOrEqual(Math.round(options.firstMs * 0.75));
      }
    }),
    { seed: 7 },
  );
});
