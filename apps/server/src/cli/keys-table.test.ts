import type { Key } from '@app/contract';
import { expect, test } from 'vitest';
import { writeKeyDetails, writeKeysTable } from './keys-table.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');
const key = (more: Partial<Key>): Key => ({
  id: 'key_1',
  name: 'ci',
  kind: 'gateway',
  mode: 'live',
  environment: 'production',
  permissions: [],
  prefix: 'tr_live_',
  last_four: 'abcd',
  requests_per_minute_max: 1,
  concurrency_max: 1,
  owner: null,
  tags: [],
  models: null,
  providers: null,
  ip_ranges: null,
  replaced_by: null,
  replaces: null,
  created_at: '2026-01-02T03:04:05Z',
  created_by: null,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  last_used_ip: null,
  ...more,
});

test('keys are aligned under their headings, with what became of them', () => {
  const table = writeKeysTable(
    [
      key({}),
      key({ id: 'key_22', name: 'longer name', last_used_at: '2026-02-28T00:00:00Z' }),
      key({ expires_at: '2026-04-01T00:00:00Z' }),
      key({ expires_at: '2026-02-01T00:00:00Z' }),
      key({ expires_at: '2026-04-01T00:00:00Z', revoked_at: '2026-02-01T00:00:00Z' }),
    ],
    nowMs,
  );
  expect(table).toBe(
    [
      'ID      NAME         KEY              KIND     ENVIRONMENT  STATE             CREATED     LAST USED',
      'key_1   ci           tr_live_...abcd  gateway  production   active            2026-01-02  never',
      'key_22  longer name  tr_live_...abcd  gateway  production   active            2026-01-02  2026-02-28',
      'key_1   ci           tr_live_...abcd  gateway  production   until 2026-04-01  2026-01-02  never',
      'key_1   ci           tr_live_...abcd  gateway  production   expired           2026-01-02  never',
      'key_1   ci           tr_live_...abcd  gateway  production   revoked           2026-01-02  never',
      '',
    ].join('\n'),
  );
});

test('a key that was replaced is shown with its end', () => {
  const replaced = key({ expires_at: '2026-04-01T00:00:00Z', replaced_by: 'key_2' });
  expect(writeKeysTable([replaced], nowMs)).toContain('replaced, until 2026-04-01');
  expect(writeKeyDetails(replaced, nowMs)).toMatch(/replaced by +key_2\n/);
});

test('one key is told with what it is confined to, and its texts cannot begin a line', () => {
  const text = writeKeyDetails(key({ models: ['gpt-5', 'acme/*'], tags: ['a\nstate revoked'] }), nowMs);
  expect(text).toMatch(/^models +gpt-5, acme\/\*$/m);
  expect(text).toMatch(/^providers +any$/m);
  expect(text).toMatch(/^tags +a state revoked$/m);
});

test('a name cannot move the cursor or begin a line of its own', () => {
  const table = writeKeysTable([key({ name: 'a\u001b[2Jb\nkey_9 forged\u202e' })], nowMs);
  expect(table.trimEnd().split('\n')).toHaveLength(2);
  for (const control of ['\u001b', '\u202e']) expect(table).not.toContain(control);
});

test('without keys it says how to make one', () => {
  expect(writeKeysTable([], nowMs)).toContain('keys create');
});
