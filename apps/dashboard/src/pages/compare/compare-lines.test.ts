import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ComparedLine, compareLines } from './compare-lines.ts';

const textOf = (lines: readonly ComparedLine[], side: 'left' | 'right') =>
  lines
    .filter((line) => line.side === side || line.side === 'both')
    .map((line) => line.text)
    .join('\n');

test('lines that both have stay, others are only left or only right', () => {
  expect(compareLines('a\nb\nc', 'a\nx\nc').map((line) => `${line.side} ${line.text}`)).toEqual([
    'both a',
    'left b',
    'right x',
    'both c',
  ]);
});

test('both texts can be read out of what they were compared to, to the letter', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (left, right) => {
      const lines = compareLines(left, right);
      expect(textOf(lines, 'left')).toBe(left);
      expect(textOf(lines, 'right')).toBe(right);
    }),
    { seed: 3 },
  );
});

test('two texts without a common line in thousands are told apart all the same', () => {
  const left = Array.from({ length: 3_000 }, (_, at) => `l${at}`).join('\n');
  const right = Array.from({ length: 3_000 }, (_, at) => `r${at}`).join('\n');
  expect(compareLines(left, right)).toHaveLength(6_000);
});
