import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;

export type RandomPool = {
  /** That many random bytes, to be used before the next call: the memory is shared. */
  bytes(size: number): Uint8Array;
  /** The same as hex digits, two for each byte. */
  hex(size: number): string;
};

/**
 * Random bytes for ids, from the system's generator. Asks it for many at once: a call of it for each id would cost more
 * than everything else that an id needs. Secrets are not made here.
 */
export function createRandomPool(): RandomPool {
  const pool = Buffer.alloc(POOL_BYTES);
  let at = POOL_BYTES;
  const take = (size: number): number => {
    if (at + size > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += size;
    return at - size;
  };
  return {
    bytes: (size) => {
      const from = take(size);
      return pool.subarray(from, from + size);
    },
    hex: (size) => {
      const from = take(size);
      return pool.toString('hex', from, from + size);
    },
  };
}
