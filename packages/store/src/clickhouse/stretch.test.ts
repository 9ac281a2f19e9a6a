import { expect, test } from 'vitest';
import { readStretch } from './stretch.ts';

const nowMs = Date.UTC(2026, 4, 31, 13, 37, 5, 123);
const beginOf = (range: '1h' | '24h' | '7d' | '30d' | undefined) =>
  new Date(Number(readStretch({ range, nowMs }).from / 1_000_000n)).toISOString();

test('a range of days begins with a whole hour, a shorter one to the nanosecond', () => {
  expect(beginOf('30d')).toBe('2026-05-01T13:00:00.000Z');
  expect(beginOf('7d')).toBe('2026-05-24T13:00:00.000Z');
  expect(beginOf(undefined)).toBe(beginOf('7d'));
  expect(beginOf('24h')).toBe('2026-05-30T13:37:05.123Z');
  expect(beginOf('1h')).toBe('2026-05-31T12:37:05.123Z');
});

test('a range holds the present moment and goes no further back than 1970', () => {
  expect(readStretch({ range: '1h', nowMs }).to).toBe(BigInt(nowMs) * 1_000_000n + 1n);
  expect(readStretch({ range: '30d', nowMs: 5 }).from).toBe(0n);
});

test('what is asked from one moment to another is left as it is', () => {
  const asked = { from: '2026-05-01T00:00:00.000000007Z', to: '2026-05-02T00:30:00Z', nowMs };
  expect(readStretch(asked)).toEqual({ from: 1_777_593_600_000_000_007n, to: 1_777_681_800_000_000_000n });
});
