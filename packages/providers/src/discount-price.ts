import type { Price } from './price.ts';

/**
 * A price less a discount of `percent`, a decimal from 0 to 100 such as `12.5`. Every part of a cost is lowered by it, and
 * the cost is still rounded once. Throws a `RangeError` for anything else.
 */
export function discountPrice(price: Price, percent: string): Price {
  const match = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(percent);
  const [, whole = '', fraction = ''] = match ?? [];
  const denominator = 100 * 10 ** fraction.length;
  const numerator = denominator - Number(whole + fraction);
  if (match === null || numerator < 0) throw new RangeError(`not a discount: ${percent}`);
  if (numerator === denominator) return price;
  return { ...price, version: `${price.version}, less ${percent} %`, paid: { numerator, denominator } };
}
