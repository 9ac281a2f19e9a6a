/**
 * Dollars per million tokens, as a decimal, in integer pico-dollars per token.
 *
 * Works on the digits: 0.07 times a million is 70000.00000000001 in floating point. A number is taken by its
 * shortest decimal form, which is how the price table wrote it. Digits finer than a pico-dollar are rounded half-even.
 * Throws a `RangeError` for anything but a finite decimal of at least 0 that fits a safe integer.
 */
export function picoRate(dollarsPerMillion: number | string): number {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(String(dollarsPerMillion));
  if (match === null) throw new RangeError(`not a price: ${dollarsPerMillion}`);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const pointAt = whole.length + Number(exponent) + DECIMAL_PLACES;
  const kept = pointAt <= 0 ? '0' : digits.slice(0, pointAt).padEnd(pointAt, '0');
  const dropped = pointAt >= 0 ? digits.slice(pointAt) : digits.padStart(digits.length - pointAt, '0');
  const picos = BigInt(kept) + (roundsUp(kept, dropped) ? 1n : 0n);
  if (picos > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError(`too large for a price: ${dollarsPerMillion}`);
  return Number(picos);
}

/** One dollar per million tokens is 10^6 pico-dollars per token. */
const DECIMAL_PLACES = 6;

function roundsUp(kept: string, dropped: string): boolean {
  const first = dropped.charCodeAt(0) - 48;
  if (Number.isNaN(first) || first < 5) return false;
  const isHalf = /^50*$/.test(dropped);
  return !isHalf || Number(kept.at(-1)) % 2 === 1;
}
