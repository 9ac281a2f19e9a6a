import fc from 'fast-check';
import { expect, test } from 'vitest';
import { picoRate } from './pico-rate.ts';

test('every decimal of up to six places is converted exactly', () => {
  fc.assert(
    fc.property(fc.nat({ max: 9_000 }), fc.nat({ max: 999_999 }), (whole, millionths) => {
      const text = `${whole}.${String(millionths).padStart(6, '0')}`;
      expect(picoRate(text)).toBe(whole * 1_000_000 + millionths);
      expect(picoRate(Number(text))).toBe(whole * 1_000_000 + millionths);
    }),
    { seed: 7 },
  );
});

test('digits finer than a pico-dollar are rounded half-even, exponents included', () => {
  expect(picoRate(0.07)).toBe(70_000);
  expect(picoRate(0.083_333_333_333_333_34)).toBe(83_333);
  expect(picoRate('0.0000005')).toBe(0);
  expect(picoRate('0.0000015')).toBe(2);
  expect(picoRate('0.00000251')).toBe(3);
  expect(picoRate(5e-7)).toBe(0);
  expect(picoRate(6e-7)).toBe(1);
  expect(picoRate(4e-8)).toBe(0);
  expect(picoRate('1.5e3')).toBe(1_500_000_000);
});

test('what is not a price is refused', () => {
  for (const bad of ['', '-1', 'NaN', '1e99', Number.POSITIVE_INFINITY, -0.5, '1,5']) {
    expect(() => picoRate(bad)).toThrow(RangeError);
  }
});
