import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('a text is its value, and what is no JSON is nothing', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
    { seed: 20_260_701, numRuns: 300 },
  );
  expect(parseJson('{"a":')).toBeUndefined();
});

test('what is nested so deep that writing it again would overflow the stack is no JSON', () => {
  expect(parseJson(nested(500))).toBeDefined();
  for (const depth of [501, 5_000, 1_000_000]) expect(parseJson(nested(depth))).toBeUndefined();
  expect(parseJson(`{"text":"${'\\"[\\\\'.repeat(2_000)}","list":[${'[],'.repeat(2_000)}7]}`)).toBeDefined();
});
