import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import { expect, test } from 'vitest';
import { listPatterns } from './list-patterns.ts';

/** What reads received spans looks at texts of strangers too; it stands here because the check does. */
const SOURCES = join(import.meta.dirname, '../../tracing/src');
const paths = globSync('{conventions,received}/**/*.ts', { cwd: SOURCES }).filter(
  (path) => !path.endsWith('.test.ts'),
);
const sources = paths.map((path) => ({ path, text: readFileSync(join(SOURCES, path), 'utf8') }));
const patterns = new Map(
  sources.flatMap(({ path, text }) =>
    listPatterns(text).map((pattern) => [`${pattern} of ${path}`, pattern] as const),
  ),
);

test('the patterns of all readers and conventions are found', () => {
  expect(patterns.size).toBeGreaterThan(40);
  // One that is made while it runs would not be seen here.
  for (const { path, text } of sources) expect(text, path).not.toContain('new RegExp');
});

test('no pattern that looks at what was received takes more than linear time, whatever that is', () => {
  const unsafe = [...patterns].filter(([, { source, flags }]) => checkSync(source, flags).status !== 'safe');
  expect(unsafe.map(([place]) => place)).toEqual([]);
});
