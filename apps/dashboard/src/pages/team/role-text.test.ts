import { expect, test } from 'vitest';
import { mayChange, rolesBelow } from './role-text.ts';

test('nobody is offered a role above their own', () => {
  expect(rolesBelow('owner').map(({ value }) => value)).toEqual(['owner', 'admin', 'member']);
  expect(rolesBelow('admin').map(({ value }) => value)).toEqual(['admin', 'member']);
  expect(rolesBelow('stranger')).toEqual([]);
});

test('an owner is changed by owners alone', () => {
  expect(mayChange('admin', 'owner')).toBe(false);
  expect(mayChange('admin', 'member')).toBe(true);
  expect(mayChange('owner', 'owner')).toBe(true);
});
