import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitNdjson } from './split-ndjson.ts';

test('pieces put together are the whole, end with a line, and are as long as the bound or one line', () => {
  const line = fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' '));
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.integer({ min: 1, max: 80 }), (lines, isOpen, bytesMax) => {
      const whole = Buffer.from(lines.join('\n') + (isOpen ? '' : '\n'));
      const pieces = splitNdjson(whole, bytesMax);
      expect(Buffer.concat(pieces).equals(whole)).toBe(true);
      expect(pieces.every((piece) => piece.length > 0)).toBe(true);
      expect(pieces.slice(0, -1).every((piece) => piece.at(-1) === 10)).toBe(true);
      const long = pieces.filter((piece) => piece.length > bytesMax);
      expect(long.every((piece) => !piece.subarray(0, -1).includes(10))).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});
