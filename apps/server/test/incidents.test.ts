import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { incidents } from './incidents.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

test.each(incidents)('$id ($product) has its test: $lesson', ({ file, test: title }) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  expect(title.length).toBeGreaterThan(10);
  const at = text.indexOf(title);
  expect(at, `${file} has no test "${title}"`).toBeGreaterThan(-1);
  // In the name of a test or of a group of them, not in a comment.
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  expect(line).toMatch(/^\s*((test|describe)\b.*|\]\)?\(|\)\()?['"`][^'"`]*$/);
});

test('no incident is there twice', () => {
  expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
});
