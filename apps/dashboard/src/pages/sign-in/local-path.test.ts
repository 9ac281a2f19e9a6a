import { expect, test } from 'vitest';
import { localPath } from './local-path.ts';

test('a path of this site is kept with its search', () => {
  expect(localPath('/traces?search=a%2Fb')).toBe('/traces?search=a%2Fb');
});

test.each([
  undefined,
  '',
  'traces',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  // Browsers leave tabs and line breaks out of addresses.
  '/\t/evil.example/',
  '/\n/evil.example/',
  'javascript:alert(1)',
])('%j leads to the overview instead', (next) => {
  expect(localPath(next)).toBe('/');
});
