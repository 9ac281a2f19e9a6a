import { expect, test } from 'vitest';
import { createRandomPool } from './random-pool.ts';

test('no two ids are alike, also across the refills of the pool', () => {
  const pool = createRandomPool();
  const ids = Array.from({ length: 2_000 }, (_, at) => pool.hex(at % 2 === 0 ? 8 : 16));
  expect(new Set(ids).size).toBe(2_000);
  expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(ids[1]).toMatch(/^[0-9a-f]{32}$/);
});

test('bytes come in the size that was asked for', () => {
  expect(createRandomPool().bytes(10)).toHaveLength(10);
});
