import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;

/**
 * Random hex digits from the system's generator, `bytes` bytes at a time. Asks it for many at once: a call of it for
 * each id would cost more than everything else that an id needs.
 */
export function createRandomHex(): (bytes: number) => string {
  const pool = Buffer.alloc(POOL_BYTES);
  let at = POOL_BYTES;
  return (bytes) => {
    if (at + bytes > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += bytes;
    return pool.toString('hex', at - bytes, at);
  };
}
