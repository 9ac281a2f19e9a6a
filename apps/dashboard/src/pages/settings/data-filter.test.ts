import { DataFilter } from '@app/contract';
import { expect, test } from 'vitest';
import { emptyFilter, filterOf } from './data-filter-fields.tsx';

test('fields that hold nothing are not sent', () => {
  expect(filterOf({ ...emptyFilter, user: ' ada ' })).toEqual({ user: 'ada' });
});

test('the last day is meant whole', () => {
  const { from, to } = DataFilter.parse(filterOf({ ...emptyFilter, from: '2026-11-01', to: '2026-11-02' }));
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(2 * 86_400_000 - 1);
});
