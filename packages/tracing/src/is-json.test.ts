import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJson } from './is-json.ts';

test('it takes exactly the texts that JSON.parse takes', () => {
  const noise = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    ' ',
    '\n',
    '\u0000',
    '-',
    '0',
    '.',
    'e',
    'null',
    '"a"',
  );
  const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom(undefined, 1));
  const whole = spaced.map(([value, space]) => JSON.stringify(value, null, space));
  const damaged = fc.tuple(whole, fc.nat(), fc.nat({ max: 3 }), noise).map(([text, place, cut, wrong]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + wrong + text.slice(at + cut);
  });
  const made = fc.array(noise, { maxLength: 12 }).map((tokens) => tokens.join(''));
  fc.assert(
    fc.property(fc.oneof(whole, damaged, made), (text) => {
      expect(isJson(text)).toBe(isTaken(text));
    }),
    { seed: 4, numRuns: 5_000 },
  );
});

test('the corners of the grammar', () => {
  const corners = [
    '',
    ' ',
    '01',
    '-',
    '-0',
    '1.',
    '.5',
    '1e',
    '1E+5',
    '"\\u12g4"',
    '"\\x"',
    '"\t"',
    '[1,]',
    '[,1]',
  ];
  corners.push(
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '[1}',
    '{}}',
    '[] []',
    'nul',
    'truex',
    '\ufeff1',
    '"\u2028"',
    '[]\u00a0',
  );
  for (const text of corners) expect([text, isJson(text)]).toEqual([text, isTaken(text)]);
});

test('a million brackets are judged without building what they describe', () => {
  const depth = 1_000_000;
  expect(isJson('['.repeat(depth) + ']'.repeat(depth))).toBe(true);
  expect(isJson('['.repeat(depth))).toBe(false);
});

function isTaken(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
