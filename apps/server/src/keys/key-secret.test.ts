import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasValidChecksum, newKeySecret, shownOf } from './key-secret.ts';

const kinds = fc.constantFrom('gateway' as const, 'ingest' as const);
const modes = fc.constantFrom('live' as const, 'test' as const);
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const fixed = { seed: 11, numRuns: 300 };

describe('a new key', () => {
  test('has its kind and mode in the prefix, 43 random characters and a checksum that holds', () => {
    fc.assert(
      fc.property(kinds, modes, bytes, (kind, mode, random) => {
        const secret = newKeySecret(kind, mode, () => random);
        expect(secret).toMatch(/^t[rt]_(live|test)_[0-9A-Za-z]{49}$/);
        expect(secret.startsWith(`${kind === 'gateway' ? 'tr' : 'tt'}_${mode}_`)).toBe(true);
        expect(hasValidChecksum(secret)).toBe(true);
      }),
      fixed,
    );
  });

  test('carries all 256 bits: the random bytes can be read back from it', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const body = newKeySecret('gateway', 'live', () => random).slice(8, 51);
        expect(numberOf(body)).toBe(BigInt(`0x${Buffer.from(random).toString('hex')}`));
      }),
      fixed,
    );
  });

  test('spreads its characters evenly', () => {
    const seen = new Map<string, number>();
    for (let n = 0; n < 4000; n += 1) {
      const random = createHash('sha256').update(`draw ${n}`).digest();
      // The first character is left out: the number ends below 62^43, so its highest values never occur.
      for (const char of newKeySecret('gateway', 'live', () => random).slice(9, 51)) {
        seen.set(char, (seen.get(char) ?? 0) + 1);
      }
    }
    const expected = (4000 * 42) / 62;
    expect(seen.size).toBe(62);
    for (const count of seen.values()) expect(Math.abs(count - expected) / expected).toBeLessThan(0.1);
  });
});

describe('the checksum', () => {
  test('notices every changed character', () => {
    const secret = newKeySecret('ingest', 'test', randomBytes);
    for (let at = 8; at < secret.length; at += 1) {
      const other = secret[at] === 'x' ? 'y' : 'x';
      expect(hasValidChecksum(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
    }
  });

  test('covers the prefix, so a test key cannot be passed off as a live one', () => {
    const secret = newKeySecret('gateway', 'test', randomBytes);
    expect(hasValidChecksum(secret.replace('_test_', '_live_'))).toBe(false);
  });

  test.each(['', 'tr_live_', 'tr_prod_abc', 'sk-proj-123', 'tr_live_ é'])('refuses %j', (text) => {
    expect(hasValidChecksum(text)).toBe(false);
  });
});

test('what is shown of a key is its prefix and its last four characters', () => {
  const secret = newKeySecret('gateway', 'live', randomBytes);
  expect(shownOf(secret)).toEqual({ prefix: 'tr_live_', lastFour: secret.slice(-4) });
});

function numberOf(text: string): bigint {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let number = 0n;
  for (const char of text) number = number * 62n + BigInt(alphabet.indexOf(char));
  return number;
}
