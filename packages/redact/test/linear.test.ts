import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';
import { createRedactor } from '../src/index.ts';
import { markedIds, namedIds } from '../src/national-ids.ts';
import { HOSTILE } from './hostile-texts.ts';
import { listPatterns } from './list-patterns.ts';

const SOURCES = join(import.meta.dirname, '../src');
const QUARTERS = [0, 1, 2, 3];
const CHARS = 8000;
const TIMES = 6;

/** All patterns of the engine by where they stand: the literals of its sources, and what is joined of them. */
const patterns = new Map<string, RegExp>();
for (const path of globSync(join(SOURCES, '*.ts')).filter((each) => !each.endsWith('.test.ts'))) {
  for (const pattern of listPatterns(readFileSync(path, 'utf8'))) {
    patterns.set(`${pattern} of ${relative(SOURCES, path)}`, pattern);
  }
}
patterns.set('all marked ids', new RegExp(markedIds.map(({ form }) => form.source).join('|')));
patterns.set('all words of ids', new RegExp(namedIds.map(({ words }) => words.source).join('|'), 'gi'));

test('all patterns of the engine are among those that are checked', () => {
  expect(patterns.size).toBeGreaterThan(190);
});

test.each(QUARTERS)(
  'no pattern can take more than linear time, whatever the text (quarter %i)',
  (quarter) => {
    const some = [...patterns].filter((_each, at) => at % QUARTERS.length === quarter);
    const unsafe = some.filter(([, { source, flags }]) => checkSync(source, flags).status !== 'safe');
    expect(unsafe.map(([place]) => place)).toEqual([]);
  },
);

test('the check knows a pattern that is not linear', () => {
  expect(checkSync('[a-z0-9.]+@[a-z0-9.]+$', 'i').status).toBe('vulnerable');
});

test.each(HOSTILE)('six times as much of %j takes about six times as long', (unit) => {
  const redactor = createRedactor();
  const [short, long] = [CHARS, CHARS * TIMES].map((chars) => unit.repeat(Math.ceil(chars / unit.length)));
  const least = (text: string): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const began = process.cpuUsage();
        redactor.begin().text(text);
        return process.cpuUsage(began).user;
      }),
    );
  least(long ?? '');
  // Quadratic time would be 36 times as long; small times are given leave to be noise.
  expect(least(long ?? '')).toBeLessThan(Math.max(least(short ?? ''), 3000) * TIMES * 3.5);
});
