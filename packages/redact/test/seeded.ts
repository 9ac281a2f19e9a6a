/** Chance that repeats: the same seed gives the same numbers (xorshift32). */
export type Seeded = {
  below(limit: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  digits(count: number): string;
  hex(count: number): string;
  chars(count: number, alphabet?: string): string;
};

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function createSeeded(seed: number): Seeded {
  let state = seed | 1;
  function below(limit: number): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  }
  function chars(count: number, alphabet = ALPHANUMERIC): string {
    return Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join('');
  }
  return {
    below,
    chars,
    pick: (list) => list[below(list.length)] ?? list[0],
    digits: (count) => chars(count, '0123456789'),
    hex: (count) => chars(count, '0123456789abcdef'),
  };
}
