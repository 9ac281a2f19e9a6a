import { expect, test } from 'vitest';
import { findConnectionsMax } from './find-connections-max.ts';

const limits = (files: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax processes             100                  100                  processes\nMax open files            ${files}                ${files}                files\n`;

test.each([
  ['20256', 15_000],
  ['4096', 2_880],
  ['1024', 576],
  ['100', 64],
])('of %s files callers may have %i, so that some remain for providers and records', (files, expected) => {
  expect(findConnectionsMax(limits(files))).toBe(expected);
});

test('where nothing limits files, or nobody can tell, callers are not limited', () => {
  expect(findConnectionsMax(limits('unlimited'))).toBeUndefined();
  expect(findConnectionsMax('')).toBeUndefined();
  expect(findConnectionsMax(undefined)).toBeUndefined();
});
