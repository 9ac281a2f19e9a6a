import { expect, test } from 'vitest';
import type { Source } from './content/block.ts';
import { marksOf } from './marks-of.ts';
import { textChunks } from './text-chunks.ts';

const source = (...ends: number[]): Source => ({ title: 's', ends });

test('the number of a source stands behind what rests on it', () => {
  expect(marksOf({ start: 0, text: 'abcdef' }, [source(3, 6), source(3)])).toEqual([
    { start: 0, text: 'abc', numbers: [1, 2] },
    { start: 3, text: 'def', numbers: [1] },
  ]);
});

test('places outside the text leave it whole', () => {
  expect(marksOf({ start: 10, text: 'abc' }, [source(3, 10, 14, 1e15)])).toEqual([
    { start: 0, text: 'abc', numbers: [] },
  ]);
});

test('thousands of marks do not become thousands of links', () => {
  const ends = Array.from({ length: 5_000 }, (_, at) => at + 1);
  expect(marksOf({ start: 0, text: 'a'.repeat(6_000) }, [source(...ends)]).length).toBeLessThanOrEqual(501);
});

test('a long text comes in pieces that end with a line and together are the text', () => {
  const text = Array.from({ length: 50_000 }, (_, at) => `line ${at}`).join('\n');
  const chunks = textChunks(text);
  expect(chunks.map((chunk) => chunk.text).join('')).toBe(text);
  expect(chunks.length).toBeGreaterThan(50);
  for (const chunk of chunks.slice(0, -1)) expect(chunk.text.endsWith('\n')).toBe(true);
  expect(textChunks('x'.repeat(100_000))).toHaveLength(1);
  expect(textChunks('')).toEqual([]);
});
