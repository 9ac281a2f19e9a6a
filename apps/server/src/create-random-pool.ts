export type RandomPool = {
  /** That many random bytes, each of them given away once. */
  bytes(size: number): Uint8Array;
  /** The same as two hex digits a byte. */
  hex(size: number): string;
};

/**
 * Random bytes without a system call for each few of them: `fill` fills a pool, which is given away piece by piece.
 * For ids; a key takes its bytes from the system itself.
 */
export function createRandomPool(fill: (pool: Uint8Array) => void, poolBytes = 4_096): RandomPool {
  const pool = Buffer.alloc(poolBytes);
  let next = poolBytes;
  const take = (size: number): number => {
    if (size > poolBytes) throw new RangeError(`at most ${poolBytes} random bytes at a time`);
    if (next + size > poolBytes) {
      fill(pool);
      next = 0;
    }
    next += size;
    return next - size;
  };
  return {
    bytes: (size) => {
      const from = take(size);
      return Uint8Array.prototype.slice.call(pool, from, from + size);
    },
    hex: (size) => {
      const from = take(size);
      return pool.toString('hex', from, from + size);
    },
  };
}
