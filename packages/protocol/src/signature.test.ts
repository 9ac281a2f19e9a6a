import { expect, test } from 'vitest';
import { carrySignature, readSignature, type Signature } from './signature.ts';

const sealed: Signature = { maker: 'google', value: 'c2VhbA==.', id: 'call.1/ä', isRedacted: true };

test("another maker's seal comes back from a field of one's own", () => {
  expect(readSignature(carrySignature(sealed, 'openai'), 'openai')).toEqual(sealed);
  expect(carrySignature(sealed, 'google')).toBe(sealed.value);
});

test('a name with half a character in it is carried as far as it is text', () => {
  const carried = carrySignature({ ...sealed, id: 'a\ud800' }, 'openai');
  expect(readSignature(carried, 'openai')).toEqual({ ...sealed, id: 'a\ufffd' });
});
