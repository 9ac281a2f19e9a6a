import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { idTimeMs, newId } from './ids.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Back to a UUID, by plain arithmetic on one large number. */
function uuidOf(text: string): string {
  let value = 0n;
  for (const char of text) value = value * 32n + BigInt(ALPHABET.indexOf(char));
  const hex = value.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

test('an id is its prefix and a UUIDv7 in 26 base32 characters', () => {
  const nowMs = 1_790_000_000_123.75;
  const id = newId('req_', { nowMs: () => nowMs, randomBytes });
  expect(id).toMatch(/^req_[0-9a-hjkmnp-tv-z]{26}$/);
  const uuid = uuidOf(id.slice(4));
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(Math.floor(nowMs));
});

test('every random bit that the format leaves free reaches the id', () => {
  const id = newId('req_', { nowMs: () => 0, randomBytes: (size) => new Uint8Array(size).fill(0xff) });
  expect(uuidOf(id.slice(4))).toBe('00000000-0000-7fff-bfff-ffffffffffff');
});

test('ids of later milliseconds sort after earlier ones', () => {
  const at = (nowMs: number) => newId('key_', { nowMs: () => nowMs, randomBytes });
  const ids = [1, 2, 1_000, 1_790_000_000_000, 1_790_000_000_001].map(at);
  expect([...ids].sort()).toEqual(ids);
});

test('a thousand ids of one millisecond are all different', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('key_', { nowMs: () => 5, randomBytes }));
  expect(new Set(ids).size).toBe(1_000);
});

test('an id tells when it was made, and what is no id tells nothing', () => {
  const nowMs = 1_790_000_000_123;
  expect(idTimeMs(newId('req_', { nowMs: () => nowMs, randomBytes }))).toBe(nowMs);
  for (const text of ['', 'req_', 'req_short', `req_${'u'.repeat(26)}`, `req_${'0'.repeat(27)}`]) {
    expect(idTimeMs(text)).toBeUndefined();
  }
});
