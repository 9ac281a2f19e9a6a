import { expect, test } from 'vitest';
import { digestKey } from './digest-key.ts';

test('a digest is HMAC-SHA-256 in base64url, as in the second test case of RFC 4231', () => {
  const digest = digestKey(Buffer.from('Jefe'))('what do ya want for nothing?');
  expect(Buffer.from(digest, 'base64url').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('another pepper gives another digest for the same key', () => {
  const text = 'tr_live_abc';
  expect(digestKey(Buffer.alloc(32, 1))(text)).not.toBe(digestKey(Buffer.alloc(32, 2))(text));
});
