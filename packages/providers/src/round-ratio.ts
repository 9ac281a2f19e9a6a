/** The whole number nearest to a fraction of whole numbers; a tie goes to the even one. At most the largest safe integer. */
export function roundRatio(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  const rounded = isUp ? whole + 1n : whole;
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(rounded < max ? rounded : max);
}
