import type { ProviderCredential } from '@app/contract';
import { expect, test } from 'vitest';
import { shareOfCalls } from './share-of-calls.ts';

const key = (id: string, weight: number, changed: Partial<ProviderCredential> = {}): ProviderCredential => ({
  id,
  provider: 'openai',
  origins: ['https://api.openai.com'],
  name: id,
  project_id: 'proj_1',
  source: 'stored',
  reference: null,
  last_four: 'abcd',
  weight,
  enabled: true,
  status: 'ready',
  cooling_until: null,
  last_error: null,
  created_at: '2026-06-01T00:00:00Z',
  created_by: null,
  rotated_at: null,
  ...changed,
});

test('the calls are shared by weight among the keys that are ready', () => {
  const rows = [key('a', 3), key('b', 1), key('resting', 4, { status: 'cooling' }), key('spare', 0)];
  expect([...shareOfCalls(rows)]).toEqual([
    ['a', 0.75],
    ['b', 0.25],
  ]);
});

test('the organization’s keys wait for the project’s own, its reserve included', () => {
  const shared = key('shared', 5, { project_id: null });
  expect([...shareOfCalls([shared, key('spare', 0)])]).toEqual([['spare', 1]]);
  expect([...shareOfCalls([shared, key('off', 2, { status: 'disabled' })])]).toEqual([['shared', 1]]);
  expect(shareOfCalls([]).size).toBe(0);
});
