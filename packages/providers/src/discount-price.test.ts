import { expect, test } from 'vitest';
import { discountPrice } from './discount-price.ts';
import type { Price } from './price.ts';
import { priceUsage } from './price-usage.ts';

const price: Price = { version: 'table', rates: { inputFresh: 3_000_000 }, tiers: [] };

test('a discount is exact to the last digit of its percentage, and the price version tells it', () => {
  const cheaper = discountPrice(price, '12.345');
  expect(cheaper.version).toBe('table, less 12.345 %');
  expect(cheaper.paid).toEqual({ numerator: 87_655, denominator: 100_000 });
  expect(priceUsage({ inputFresh: 1_000 }, cheaper)).toEqual({
    nanos: 2_629_650,
    label: 'exact',
    priceVersion: 'table, less 12.345 %',
  });
});

test('no discount is the price itself, and a whole one makes it free', () => {
  expect(discountPrice(price, '0')).toBe(price);
  expect(discountPrice(price, '0.00')).toBe(price);
  expect(priceUsage({ inputFresh: 5 }, discountPrice(price, '100'))).toMatchObject({
    nanos: 0,
    label: 'exact',
  });
});

test.each(['-1', '100.1', '101', '1e1', '', 'ten', '.5'])('%s is no discount', (percent) => {
  expect(() => discountPrice(price, percent)).toThrow(RangeError);
});
