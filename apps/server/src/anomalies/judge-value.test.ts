import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeValue } from './judge-value.ts';

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const history = fc.array(amount, { minLength: 6, maxLength: 60 });
const runs = { seed: 11, numRuns: 500 };

describe('how far a value is from the usual', () => {
  test('a series that never changes is as usual, whatever its value', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 6, max: 60 }), (value, count) => {
        const verdict = judgeValue({ value, history: Array(count).fill(value), floor: 0.001 });
        expect(verdict.score).toBe(0);
        expect(verdict.middle).toBeCloseTo(value, 6);
      }),
      runs,
    );
  });

  test('values and floor that grow together leave the score as it is', () => {
    fc.assert(
      fc.property(amount, history, fc.integer({ min: 1, max: 1_000 }), (value, values, factor) => {
        const plain = judgeValue({ value, history: values, floor: 1 }).score;
        const scaled = judgeValue({
          value: value * factor,
          history: values.map((each) => each * factor),
          floor: factor,
        }).score;
        expect(scaled).toBeCloseTo(plain, 6);
      }),
      runs,
    );
  });

  test('a higher value never has a lower score', () => {
    fc.assert(
      fc.property(amount, amount, history, (one, other, values) => {
        const score = (value: number) => judgeValue({ value, history: values, floor: 0.5 }).score;
        expect(score(Math.max(one, other))).toBeGreaterThanOrEqual(score(Math.min(one, other)));
      }),
      runs,
    );
  });

  test('one outlier in the history does not hide another like it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 1, max: 9 }), (count, spread) => {
        const values = Array.from({ length: count }, (_, at) => 100 + (at % (spread + 1)));
        const withOutlier = [...values.slice(1), 100_000];
        const verdict = judgeValue({ value: 100_000, history: withOutlier, floor: 1 });
        expect(verdict.score).toBeGreaterThan(40);
        expect(verdict.high).toBeLessThan(1_000);
      }),
      runs,
    );
  });

  test('what happens every few hours is usual', () => {
    const values = Array.from({ length: 48 }, (_, at) => (at % 6 === 0 ? 50 : 1));
    expect(judgeValue({ value: 50, history: values, floor: 0.5 }).score).toBeLessThan(2);
    expect(judgeValue({ value: 500, history: values, floor: 0.5 }).score).toBeGreaterThan(10);
  });

  test('the bounds lie around the middle, and order of the history says nothing', () => {
    fc.assert(
      fc.property(amount, history, (value, values) => {
        const verdict = judgeValue({ value, history: values, floor: 1 });
        expect(verdict.low).toBeLessThan(verdict.middle);
        expect(verdict.high).toBeGreaterThan(verdict.middle);
        expect(judgeValue({ value, history: values.toReversed(), floor: 1 })).toEqual(verdict);
      }),
      runs,
    );
  });
});
