import { expect, test } from 'vitest';
import { cutText } from './cut-text.ts';

test('a character of two places is never cut in half', () => {
  expect(cutText('ab😀c', 3)).toBe('ab');
  expect(cutText('ab😀c', 4)).toBe('ab😀');
  expect(cutText('abc', 2)).toBe('ab');
});
