import { describe, expect, test } from 'vitest';
import { projectSpend } from './project-spend.ts';

const DAY = 86_400_000;
const may = Date.UTC(2026, 4, 1);
const june = Date.UTC(2026, 5, 1);
const month = { startMs: may, endMs: june };
const april = { startMs: Date.UTC(2026, 3, 1), endMs: may };

describe('what a period will have cost at its end', () => {
  test('after seven days of a month its own pace goes on', () => {
    const spent = 10_000;
    const nowMs = may + 10 * DAY;
    const projected = projectSpend({ current: { ...month, spent }, before: [], countedSinceMs: 0, nowMs });
    expect(projected).toBe(31_000);
  });

  test('a young month goes on at the pace of the last seven days', () => {
    const current = { ...month, spent: 1_000 };
    const before = [{ ...april, spent: 30_000 }];
    const nowMs = may + DAY;
    // Six days of April at 1,000 a day and one of May with 1,000.
    expect(projectSpend({ current, before, countedSinceMs: 0, nowMs })).toBe(31_000);
    expect(projectSpend({ current: { ...month, spent: 0 }, before, countedSinceMs: 0, nowMs: may })).toBe(
      31_000,
    );
  });

  test('a day goes on at the pace of the seven days before it', () => {
    const current = { startMs: may, endMs: may + DAY, spent: 700 };
    const before = Array.from({ length: 7 }, (_, back) => ({
      startMs: may - (back + 1) * DAY,
      endMs: may - back * DAY,
      spent: 700,
    }));
    expect(projectSpend({ current, before, countedSinceMs: 0, nowMs: may + DAY / 2 })).toBe(1_075);
  });

  test('a new budget knows nothing of the time before it', () => {
    const current = { ...month, spent: 500 };
    const nowMs = may + 20 * DAY;
    const projected = projectSpend({ current, before: [], countedSinceMs: nowMs - 5 * DAY, nowMs });
    // 500 in five days, and eleven days are left.
    expect(projected).toBe(1_600);
  });

  test('nobody is frightened by the first call of a new budget', () => {
    const current = { ...month, spent: 100 };
    const nowMs = june - 10 * 3_600_000;
    const projected = projectSpend({ current, before: [], countedSinceMs: nowMs - 1, nowMs });
    // The pace of an hour at least.
    expect(projected).toBe(1_100);
  });

  test('a period that is over costs what it cost, and no clock makes the figure absurd', () => {
    const current = { ...month, spent: 100 };
    expect(projectSpend({ current, before: [], countedSinceMs: 0, nowMs: june })).toBe(100);
    expect(projectSpend({ current, before: [], countedSinceMs: june, nowMs: may })).toBeGreaterThanOrEqual(
      100,
    );
    const huge = { ...month, spent: Number.MAX_SAFE_INTEGER };
    const projected = projectSpend({ current: huge, before: [], countedSinceMs: 0, nowMs: may + DAY });
    expect(Number.isSafeInteger(projected)).toBe(true);
  });
});
