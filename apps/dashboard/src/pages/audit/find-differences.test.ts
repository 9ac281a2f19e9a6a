import { expect, test } from 'vitest';
import { findDifferences } from './find-differences.ts';

test('only fields that differ are told, by their path', () => {
  const before = { name: 'ci', limits: { max: 5, per: 'day' }, tags: ['a'] };
  const after = { name: 'ci', limits: { max: 7, per: 'day' }, tags: ['a', 'b'] };
  expect(findDifferences(before, after)).toEqual([
    { path: 'limits.max', before: '5', after: '7' },
    { path: 'tags', before: '["a"]', after: '["a","b"]' },
  ]);
});

test('a new thing has no before, and one that is gone no after', () => {
  expect(findDifferences(undefined, { id: 'x' })).toEqual([{ path: 'id', before: undefined, after: 'x' }]);
  expect(findDifferences({ id: 'x' }, null)).toEqual([{ path: 'id', before: 'x', after: undefined }]);
});

test('what is nested deeper than people read is told as it is', () => {
  const deep = { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } };
  expect(findDifferences(undefined, deep)).toEqual([
    { path: 'a.b.c.d.e.f', before: undefined, after: '{"g":1}' },
  ]);
});
