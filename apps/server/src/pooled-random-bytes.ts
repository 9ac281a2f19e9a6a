/**
 * Random bytes without a system call for each few of them: `fill` fills a pool, and each byte of it is given away once.
 * For ids; a key takes its bytes from the system itself.
 */
export function pooledRandomBytes(
  fill: (pool: Uint8Array) => void,
  poolBytes = 4_096,
): (size: number) => Uint8Array {
  const pool = new Uint8Array(poolBytes);
  let next = poolBytes;
  return (size) => {
    if (next + size > poolBytes) {
      if (size > poolBytes) throw new RangeError(`at most ${poolBytes} random bytes at a time`);
      fill(pool);
      next = 0;
    }
    const bytes = pool.slice(next, next + size);
    pool.fill(0, next, next + size);
    next += size;
    return bytes;
  };
}
