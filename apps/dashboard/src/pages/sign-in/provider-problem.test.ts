import { expect, test } from 'vitest';
import { providerProblem } from './provider-problem.ts';

test('a known refusal is told in words', () => {
  expect(providerProblem('access_denied')).toBe('You did not allow it at the provider.');
});

test('words that anybody may have put into the address are not shown', () => {
  expect(providerProblem('Call this number')).toMatch(/^Signing in by the provider/);
  expect(providerProblem('toString')).toMatch(/^Signing in by the provider/);
});
