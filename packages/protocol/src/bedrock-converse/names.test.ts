import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readName, writeId, writeName } from './names.ts';

const WIRE = /^[A-Za-z0-9_-]{1,64}$/;

test('a name that the wire takes stays as it is', () => {
  for (const name of ['get_weather', 'get-weather', 'A1', 'x_x', 'a'.repeat(64)]) {
    expect(writeName(name)).toEqual({ name, isWhole: true });
    expect(readName(name)).toBe(name);
  }
});

test('every name that fits comes back as it was, and every other one says that it does not', () => {
  const pieces = fc.constantFrom(
    'a',
    '.',
    ':',
    '_x',
    '_x2e_',
    '_x5f_',
    'ü',
    '👋',
    ' ',
    '_',
    '1f',
    '_x110000_',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.array(pieces, { minLength: 1 }).map((list) => list.join('')),
      ),
      (name) => {
        const written = writeName(name);
        expect(written.name).toMatch(WIRE);
        if (written.isWhole) expect(readName(written.name)).toBe(name);
        else expect(written.name).toHaveLength(64);
      },
    ),
    { seed: 5, numRuns: 500 },
  );
});

test('long names that begin alike stay apart', () => {
  const long = 'server.tool'.repeat(12);
  expect(writeName(`${long}a`).name).not.toBe(writeName(`${long}b`).name);
});

test('an id is the same for the call and its result, and two ids stay two', () => {
  expect(writeId('toolu_01-x')).toBe('toolu_01-x');
  expect(writeId('functions.look:0')).toMatch(WIRE);
  expect(writeId('functions.look:0')).toBe(writeId('functions.look:0'));
  expect(writeId('a:0')).not.toBe(writeId('a.0'));
  expect(writeId('')).toMatch(WIRE);
  expect(writeId('x'.repeat(200))).toHaveLength(64);
});
