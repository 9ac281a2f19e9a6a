import { describe, expect, test } from 'vitest';
import { readKeysOptions } from './keys-options.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');
const read = (line: string) =>
  readKeysOptions(
    line.split(' ').filter((word) => word !== ''),
    nowMs,
  );

describe('keys create', () => {
  test('needs a name only; the rest has defaults', () => {
    expect(read('create --name ci')).toEqual({
      do: 'create',
      project: 'default',
      key: { name: 'ci', kind: 'gateway', mode: 'live' },
    });
  });

  test('reads every option', () => {
    const line =
      'create --name ci --mode test --kind gateway --project acme --permission traces:read --permission keys:read ' +
      '--environment staging --expires 90d';
    expect(read(line)).toEqual({
      do: 'create',
      project: 'acme',
      key: {
        name: 'ci',
        kind: 'gateway',
        mode: 'test',
        environment: 'staging',
        permissions: ['traces:read', 'keys:read'],
        expires_at: '2026-05-30T00:00:00.000Z',
      },
    });
  });

  test.each([
    ['create', '--name is needed'],
    ['create --name ci --mode prod', '--mode is live or test'],
    ['create --name ci --kind admin', '--kind is gateway'],
    [
      'create --name ci --permission everything',
      'there is no permission "everything". There are: inference:call',
    ],
    ['create --name ci --expires tomorrow', '--expires: "tomorrow" is neither'],
    [
      'create --name ci --expires 2020-01-01T00:00:00Z',
      '--expires: the time of expiry must lie in the future',
    ],
    ['create --name ci --colour red', '--colour'],
    ['create --name', '--name'],
    ['create ci', 'ci'],
  ])('%j is refused with a sentence that names the option', (line, words) => {
    const request = read(line);
    expect(request.do === 'refuse' && request.problem).toContain(words);
  });
});

test.each([
  ['list', { do: 'list', project: 'default', json: false }],
  ['list --json --project acme', { do: 'list', project: 'acme', json: true }],
  ['revoke key_1', { do: 'revoke', project: 'default', id: 'key_1' }],
  ['', { do: 'help' }],
  ['--help', { do: 'help' }],
  ['create --help', { do: 'help' }],
])('%j is understood', (line, request) => {
  expect(read(line)).toEqual(request);
});

test.each([
  ['revoke', 'Say which key'],
  ['revoke a b', 'one key'],
  ['remove key_1', 'use create, list or revoke'],
  ['list --yaml', '--yaml'],
])('%j is refused', (line, words) => {
  const request = read(line);
  expect(request.do === 'refuse' && request.problem).toContain(words);
});
