import type { Key } from '@app/contract';
import { expect, test } from 'vitest';
import { isOver, keyState } from './key-state.ts';

const NOW_MS = Date.parse('2026-06-01T00:00:00Z');
const key = {
  id: 'key_1',
  name: 'checkout',
  kind: 'gateway',
  mode: 'live',
  environment: 'production',
  permissions: ['inference:call'],
  prefix: 'tr_live_',
  last_four: 'abcd',
  requests_per_minute_max: 600,
  concurrency_max: 100,
  owner: null,
  tags: [],
  models: null,
  providers: null,
  ip_ranges: null,
  replaced_by: null,
  replaces: null,
  created_at: '2026-05-01T00:00:00Z',
  created_by: null,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  last_used_ip: null,
} satisfies Key;

test.each<[string, Partial<Key>]>([
  ['active', {}],
  ['active', { expires_at: '2026-06-15T00:00:01Z' }],
  ['expiring', { expires_at: '2026-06-15T00:00:00Z' }],
  ['replaced', { expires_at: '2026-06-02T00:00:00Z', replaced_by: 'key_2' }],
  ['expired', { expires_at: '2026-06-01T00:00:00Z', replaced_by: 'key_2' }],
  ['revoked', { expires_at: '2026-05-02T00:00:00Z', revoked_at: '2026-05-01T12:00:00Z' }],
])('a key is %s when it has %j', (state, changed) => {
  expect(keyState({ ...key, ...changed }, NOW_MS)).toBe(state);
});

test('only a key that was revoked or has expired is over', () => {
  expect(isOver(key)).toBe(false);
  expect(isOver({ ...key, revoked_at: '2026-05-01T12:00:00Z' })).toBe(true);
  expect(isOver({ ...key, expires_at: '2020-01-01T00:00:00Z' })).toBe(true);
});
