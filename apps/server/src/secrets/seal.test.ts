import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seal, unseal } from './seal.ts';

const key = randomBytes(32);

describe('seal', () => {
  test('what was sealed comes back for the same key and associated data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (plaintext, associatedData) => {
        const opened = unseal(key, seal(key, plaintext, associatedData), associatedData);
        expect(opened).toEqual(Buffer.from(plaintext));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('a change of any single bit is noticed', () => {
    const sealed = seal(key, Buffer.from('a provider credential'), 'row-1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(key, changed, 'row-1')).toBeUndefined();
    }
  });

  test('a value moved to another row, another key or cut short does not open', () => {
    const sealed = seal(key, Buffer.from('secret'), 'row-1');
    expect(unseal(key, sealed, 'row-2')).toBeUndefined();
    expect(unseal(randomBytes(32), sealed, 'row-1')).toBeUndefined();
    expect(unseal(key, sealed.subarray(0, 20), 'row-1')).toBeUndefined();
    expect(unseal(key, Buffer.alloc(0), 'row-1')).toBeUndefined();
  });

  test('the same text sealed twice looks different and shows nothing of the text', () => {
    const first = seal(key, Buffer.from('canary-in-plaintext'), 'row');
    const second = seal(key, Buffer.from('canary-in-plaintext'), 'row');
    expect(first.equals(second)).toBe(false);
    expect(first.includes('canary')).toBe(false);
  });
});
