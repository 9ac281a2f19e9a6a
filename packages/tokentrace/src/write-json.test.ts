import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeJson } from './write-json.ts';

const SETTINGS = { seed: 41, numRuns: 120 };

test('what is written is what JSON.stringify writes', () => {
  const long = fc.string({ unit: 'binary', minLength: 60, maxLength: 80 });
  const values = fc.anything({
    withNullPrototype: true,
    withDate: true,
    withMap: true,
    withSparseArray: true,
  });
  fc.assert(
    fc.property(fc.oneof(values, long, fc.array(long)), (value) => {
      expect(writeJson(value)).toBe(JSON.stringify(value));
    }),
    SETTINGS,
  );
});

test.each([
  '"',
  '\\',
  '\n',
  '\u0000',
  '\u000f',
  '\u0010',
  '\u001f',
  '\ud800',
  '\udc00',
  '\u007f',
  '\u2028',
  '😀',
])('%j is written as JSON.stringify writes it, in a short text and in a long one', (sign) => {
  for (const text of [`a${sign}b`, `${'a'.repeat(100)}${sign}b`])
    expect(writeJson({ [text]: [text] })).toBe(JSON.stringify({ [text]: [text] }));
});

test('what JSON cannot say is left out or null, and what is not plain writes itself', () => {
  const value = {
    a: undefined,
    b: [undefined, () => 1],
    c: Number.NaN,
    d: -0,
    e: new Date(0),
    f: Object('x'),
  };
  expect(writeJson(value)).toBe(JSON.stringify(value));
  expect(() => writeJson({ a: 1n })).toThrow(TypeError);
});
