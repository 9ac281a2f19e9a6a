import { describe, expect, test } from 'vitest';
import { sandboxDimensions, sandboxEmbedding } from './sandbox-embedding.ts';

describe('the sandbox’s vectors', () => {
  test('have the length that is asked for, and the same numbers for the same text', () => {
    for (const dimensions of [1, 7, 1_536]) {
      const vector = sandboxEmbedding('hello', dimensions);
      expect(vector).toHaveLength(dimensions);
      expect(vector).toEqual(sandboxEmbedding('hello', dimensions));
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(sandboxEmbedding('hello', 8)).not.toEqual(sandboxEmbedding('hallo', 8));
  });

  test('are no longer than any model’s, whatever is asked for', () => {
    expect(sandboxEmbedding('hello', 1_000_000)).toHaveLength(4_096);
  });

  test('have the length of the model’s own where none is asked for', () => {
    expect(sandboxDimensions('text-embedding-3-large')).toBe(3_072);
    expect(sandboxDimensions('whatever')).toBe(1_536);
  });
});
