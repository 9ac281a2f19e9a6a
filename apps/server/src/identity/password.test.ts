import { expect, test } from 'vitest';
import { hashPassword, refusePassword, verifyPassword } from './password.ts';

test('a password is hashed with bcrypt at the cost that is set and verifies, and another does not', async () => {
  const hashed = await hashPassword('correct horse battery', 10);
  expect(hashed).toMatch(/^\$2[aby]\$10\$/);
  expect(await verifyPassword('correct horse battery', hashed)).toBe(true);
  expect(await verifyPassword('correct horse batterz', hashed)).toBe(false);
});

test('what bcrypt would cut off is refused: the 73rd byte counts, in bytes and not characters', async () => {
  const password = 'ä'.repeat(36);
  const hashed = await hashPassword(password, 10);
  expect(refusePassword(password)).toBeUndefined();
  expect(refusePassword(`${password}x`)).toContain('72 bytes');
  expect(await verifyPassword(`${password}x`, hashed)).toBe(false);
  await expect(hashPassword(`${password}x`, 10)).rejects.toThrow();
});

test('a short password is refused with its smallest length', () => {
  expect(refusePassword('eleven char')).toContain('at least 12 characters');
});

test('a malformed stored hash verifies nothing', async () => {
  expect(await verifyPassword('correct horse battery', 'not a hash')).toBe(false);
});
