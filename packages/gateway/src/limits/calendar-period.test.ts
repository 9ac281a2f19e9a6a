import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFindPeriod } from './calendar-period.ts';

const HOUR_MS = 3_600_000;

test("a day begins at its zone's midnight, and has 23 or 25 hours where clocks are moved", () => {
  const findPeriod = createFindPeriod();
  const hoursOf = (at: string, zone: string): number => {
    const { startMs, endMs } = findPeriod('day', zone, Date.parse(at));
    return (endMs - startMs) / HOUR_MS;
  };
  expect(findPeriod('day', 'Europe/Berlin', Date.parse('2026-06-15T22:30:00Z'))).toEqual({
    startMs: Date.parse('2026-06-15T22:00:00Z'),
    endMs: Date.parse('2026-06-16T22:00:00Z'),
  });
  expect(hoursOf('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe(23);
  expect(hoursOf('2026-10-25T12:00:00Z', 'Europe/Berlin')).toBe(25);
  expect(hoursOf('2026-03-29T12:00:00Z', 'UTC')).toBe(24);
});

test('a day whose midnight is skipped begins with its first minute', () => {
  // Beirut moves its clocks from 00:00 to 01:00.
  const { startMs, endMs } = createFindPeriod()('day', 'Asia/Beirut', Date.parse('2026-03-29T12:00:00Z'));
  expect(new Date(startMs).toISOString()).toBe('2026-03-28T22:00:00.000Z');
  expect((endMs - startMs) / HOUR_MS).toBe(23);
});

test('a month begins on its first day, and ends where the next one begins', () => {
  const findPeriod = createFindPeriod();
  expect(findPeriod('month', 'America/New_York', Date.parse('2026-03-01T04:59:59Z'))).toEqual({
    startMs: Date.parse('2026-02-01T05:00:00Z'),
    endMs: Date.parse('2026-03-01T05:00:00Z'),
  });
  expect(findPeriod('month', 'America/New_York', Date.parse('2026-12-15T12:00:00Z')).endMs).toBe(
    Date.parse('2027-01-01T05:00:00Z'),
  );
});

test('periods of any zone hold their instant, follow each other, and come out the same whatever was asked before', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Kiritimati',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
  ];
  const shared = createFindPeriod();
  fc.assert(
    fc.property(
      fc.constantFrom('day' as const, 'month' as const),
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
      (period, zone, atMs) => {
        const { startMs, endMs } = shared(period, zone, atMs);
        expect(startMs).toBeLessThanOrEqual(atMs);
        expect(endMs).toBeGreaterThan(atMs);
        expect(shared(period, zone, endMs).startMs).toBe(endMs);
        expect(shared(period, zone, startMs - 1).endMs).toBe(startMs);
        expect(createFindPeriod()(period, zone, atMs)).toEqual({ startMs, endMs });
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

test('a name that is no zone counts as UTC, and a time that is no time has a period all the same', () => {
  const findPeriod = createFindPeriod();
  const atMs = Date.UTC(2026, 5, 15, 12);
  expect(findPeriod('day', 'Mars/Olympus', atMs)).toEqual(findPeriod('day', 'UTC', atMs));
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, -1, 9e15]) {
    expect(Number.isFinite(findPeriod('month', 'UTC', odd).startMs)).toBe(true);
  }
});
