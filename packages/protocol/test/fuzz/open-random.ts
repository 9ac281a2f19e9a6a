/** Choices that are the same for the same seed and number. */
export type Random = {
  /** From 0 up to, and without, `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
};

/** The generator known as mulberry32, started from a mix of both figures. */
export function openRandom(seed: number, number: number): Random {
  let state = mixed(mixed(seed | 0) ^ Math.imul(number, 0x9e3779b1));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return (mixed(state) >>> 0) / 4_294_967_296;
  };
  return {
    below: (end) => Math.floor(next() * end),
    chance: (probability) => next() < probability,
    pick(values) {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new Error('There is nothing to pick from.');
      return value;
    },
  };
}

function mixed(state: number): number {
  let value = Math.imul(state ^ (state >>> 15), 1 | state);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return value ^ (value >>> 14);
}
