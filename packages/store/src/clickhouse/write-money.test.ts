import { expect, test } from 'vitest';
import { writeMoney } from './write-money.ts';

test.each([
  ['0', 0, '0'],
  ['1', 1, '0.000000001'],
  ['1230000', 1_230_000, '0.00123'],
  ['2000000000', 2_000_000_000, '2'],
  ['-1500000000', -1_500_000_000, '-1.5'],
  ['9223372036854775807', Number.MAX_SAFE_INTEGER, '9223372036.854775807'],
])('%s nano-dollars are %i and %s dollars, exactly', (nanos, number, usd) => {
  expect(writeMoney(nanos)).toEqual({ nanos: number, usd });
});
