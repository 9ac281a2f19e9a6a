import { describe, expect, test } from 'vitest';
import { parseAmount, parsePercents } from './parse-amount.ts';

describe('an amount is', () => {
  test.each(['250', '$1,250.00', ' 0.000000001 '])('taken from %j', (text) => {
    expect(parseAmount(text).problem).toBeUndefined();
  });
  test.each(['', '-1', '1e3', '12.3456789012', '1000000', 'NaN'])('refused in %j', (text) => {
    expect(parseAmount(text).problem).toContain('such as 250');
  });
  test('sent without its sign and separators', () => expect(parseAmount('$1,250.00').usd).toBe('1250.00'));
});

describe('percents are', () => {
  test('each once and ascending', () =>
    expect(parsePercents('95%, 50 80,50').percents).toEqual([50, 80, 95]));
  test('none where nothing is typed', () => expect(parsePercents(' ').percents).toEqual([]));
  test.each(['0', '101', '1.5', 'half', '1,2,3,4,5,6,7,8,9,10,11'])('refused in %j', (text) => {
    expect(parsePercents(text).problem).toContain('1 to 100');
  });
});
