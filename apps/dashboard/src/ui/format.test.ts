import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatRelative,
  formatShare,
  formatTime,
  formatUsd,
  formatUsdStep,
} from './format.ts';

describe('formatUsd', () => {
  test.each([
    [0, '$0'],
    [1234.5, '$1,234.50'],
    [0.5, '$0.50'],
    [0.0123, '$0.0123'],
    [0.00000041, '$0.00000041'],
    [0.000000001, '$0.000000001'],
    [-2, '-$2.00'],
  ])('writes %d as %s, never as zero when it is not', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});

test.each([
  [0, 0.02, '$0'],
  [0.06, 0.02, '$0.06'],
  [0.0005, 0.0005, '$0.0005'],
  [1.5, 0.5, '$1.50'],
  [20, 10, '$20'],
])('the axis label of %d in steps of %d is %s', (usd, step, text) => {
  expect(formatUsdStep(usd, step)).toBe(text);
});

test.each([
  [0.4, '0 ms'],
  [840, '840 ms'],
  [999.7, '1.00 s'],
  [1_240, '1.24 s'],
  [59_996, '1 min 0 s'],
  [119_600, '2 min 0 s'],
  [125_000, '2 min 5 s'],
])('a duration of %d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [9_999, '9,999'],
  [10_500, '10.5K'],
  [3_400_000, '3.4M'],
])('a count of %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('a small share keeps two digits, a large one has one', () => {
  expect(formatShare(0.0348)).toBe('3.48%');
  expect(formatShare(0.1234)).toBe('12.3%');
});

test('a time of today stands alone, one of another day has its date', () => {
  const now = new Date(2026, 4, 2, 12);
  expect(formatTime(new Date(2026, 4, 2, 9, 5, 7).toISOString(), now)).toBe('09:05:07');
  expect(formatTime(new Date(2026, 4, 1, 9, 5, 7).toISOString(), now)).toBe('1 May 09:05:07');
});

test('a moment has its milliseconds', () => {
  expect(formatMoment(new Date(2026, 4, 2, 9, 5, 7, 8).toISOString())).toBe('2 May 2026 09:05:07.008');
});

test.each([
  [-20_000, 'just now'],
  [-3 * 3_600_000, '3 hours ago'],
  [20 * 86_400_000, 'in 20 days'],
])('%d ms from now is %s', (away, text) => {
  const now = Date.UTC(2026, 0, 1);
  expect(formatRelative(new Date(now + away).toISOString(), now)).toBe(text);
});

test('bytes are told in the unit in which they are a number of at most three digits', () => {
  expect([0, 999, 1_500, 12_345_678, 5e15].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '12.3 MB',
    '5 PB',
  ]);
});
