import type { Ratio } from './price.ts';
import { roundRatio } from './round-ratio.ts';

/** A whole number of pico-dollars: a safe integer, or a big one beyond nine thousand dollars. */
export type Picos = number | bigint;

export type CostSum = {
  /** What all tokens cost in the default queue. */
  tokens: Picos;
  /** Sound that is billed by its length, in the place of tokens; `hour` is picos per hour. */
  sound?: { ms: number; hour: number };
  /** What the queue and the place multiply; fees are not multiplied. */
  times: readonly (Ratio | undefined)[];
  fees: Picos;
  /** What is paid of everything. */
  paid: Ratio | undefined;
};

/** Nano-dollars. Everything is brought over one denominator, so that it is rounded once, half-even. */
export function totalCost({ tokens, fees, times, paid, sound }: CostSum): number {
  const isPlain = sound === undefined && paid === undefined && times.every((ratio) => ratio === undefined);
  if (
    isPlain &&
    typeof tokens === 'number' &&
    typeof fees === 'number' &&
    Number.isSafeInteger(tokens + fees)
  )
    return roundHalfEven(tokens + fees);
  let numerator = sound === undefined ? BigInt(tokens) : BigInt(sound.ms) * BigInt(sound.hour);
  let denominator = sound === undefined ? 1n : MS_PER_HOUR;
  for (const ratio of times) {
    if (ratio === undefined) continue;
    numerator *= BigInt(ratio.numerator);
    denominator *= BigInt(ratio.denominator);
  }
  numerator += BigInt(fees) * denominator;
  if (paid !== undefined) {
    numerator *= BigInt(paid.numerator);
    denominator *= BigInt(paid.denominator);
  }
  return roundRatio(numerator, denominator * PICOS_PER_NANO);
}

/** `sum + count × rate`, exact at any size. */
export function addPicos(sum: Picos, count: number, rate: number): Picos {
  if (typeof sum === 'number') {
    const next = sum + count * rate;
    if (Number.isSafeInteger(next)) return next;
  }
  return BigInt(sum) + BigInt(count) * BigInt(rate);
}

const PICOS_PER_NANO = 1_000n;
const MS_PER_HOUR = 3_600_000n;

/** Without big numbers: nearly every call. */
function roundHalfEven(picos: number): number {
  const rest = picos % 1_000;
  const nanos = (picos - rest) / 1_000;
  if (rest > 500) return nanos + 1;
  return rest === 500 && nanos % 2 === 1 ? nanos + 1 : nanos;
}
