const POOL_BYTES = 4096;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export type Ids = {
  /** 32 hexadecimal digits, not all 0. */
  traceId(): string;
  /** 16 hexadecimal digits, not all 0. */
  spanId(): string;
};

/** Fills the array with random bytes. */
export type Random = (bytes: Uint8Array<ArrayBuffer>) => void;

/** Random bytes are fetched many at a time: one fetch per id costs more than the id. */
export function createIds(random: Random): Ids {
  const pool = new Uint8Array(POOL_BYTES);
  let at = POOL_BYTES;
  const take = (count: number): string => {
    if (at + count > POOL_BYTES) {
      random(pool);
      at = 0;
    }
    let id = '';
    let sum = 0;
    for (const end = at + count; at < end; at += 1) {
      const byte = pool[at] ?? 0;
      sum += byte;
      id += HEX[byte];
    }
    return sum === 0 ? `${id.slice(0, -1)}1` : id;
  };
  return { traceId: () => take(16), spanId: () => take(8) };
}
