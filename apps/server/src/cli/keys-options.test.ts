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
      '--environment staging --expires 90d --owner ada --tag a --tag b --model gpt-5 --model acme/* --provider acme ' +
      '--ip 10.0.0.0/8 --requests-per-minute 60 --concurrency 5';
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
        owner: 'ada',
        tags: ['a', 'b'],
        models: ['gpt-5', 'acme/*'],
        providers: ['acme'],
        ip_ranges: ['10.0.0.0/8'],
        requests_per_minute_max: 60,
        concurrency_max: 5,
      },
    });
  });

  test.each([
    ['create --name ci --requests-per-minute many', '--requests-per-minute is a whole number'],
    ['create --name ci --requests-per-minute=-5', '--requests-per-minute is a whole number'],
    ['create --name ci --concurrency 0', '--concurrency is a whole number'],
    ['create --name ci --concurrency=', '--concurrency is a whole number'],
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
  ['list', { do: 'list', project: 'default', json: false, search: {} }],
  ['list --json --project acme', { do: 'list', project: 'acme', json: true, search: {} }],
  [
    'list --name ci --kind gateway --mode test --status expiring --owner ada --tag web --unused-since 30d',
    {
      do: 'list',
      project: 'default',
      json: false,
      search: {
        name: 'ci',
        kind: 'gateway',
        mode: 'test',
        status: 'expiring',
        owner: 'ada',
        tag: 'web',
        unused_since: '2026-01-30T00:00:00.000Z',
      },
    },
  ],
  ['show key_1 --json', { do: 'show', project: 'default', json: true, id: 'key_1' }],
  ['rotate key_1', { do: 'rotate', project: 'default', id: 'key_1', rotation: { overlap_seconds: 86_400 } }],
  [
    'rotate key_1 --overlap 0 --expires never',
    { do: 'rotate', project: 'default', id: 'key_1', rotation: { overlap_seconds: 0, expires_at: null } },
  ],
  [
    'rotate key_1 --overlap 7d --expires 90d',
    {
      do: 'rotate',
      project: 'default',
      id: 'key_1',
      rotation: { overlap_seconds: 604_800, expires_at: '2026-05-30T00:00:00.000Z' },
    },
  ],
  [
    'update key_1 --model gpt-5 --any-ip --expires never --no-tags',
    {
      do: 'update',
      project: 'default',
      id: 'key_1',
      change: { models: ['gpt-5'], ip_ranges: null, expires_at: null, tags: [] },
    },
  ],
  ['usage', { do: 'usage', project: 'default', json: false, ids: [], range: '24h' }],
  [
    'usage a b --range 30d --json',
    { do: 'usage', project: 'default', json: true, ids: ['a', 'b'], range: '30d' },
  ],
  ['check', { do: 'check', json: false, looksUp: false, files: [] }],
  ['check --look-up .env app.log', { do: 'check', json: false, looksUp: true, files: ['.env', 'app.log'] }],
  [
    'import --name old --file key.txt --owner ada',
    { do: 'import', project: 'default', key: { name: 'old', owner: 'ada' }, file: 'key.txt' },
  ],
  [
    'import --name old --mode test',
    { do: 'import', project: 'default', key: { name: 'old', mode: 'test' }, file: undefined },
  ],
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
  ['remove key_1', 'use create, import, list'],
  ['toString', 'use create'],
  ['update key_1', 'Say what to change'],
  ['update key_1 --model a --any-model', 'not both'],
  ['update key_1 --mode test', '--mode'],
  ['rotate', 'Say which key'],
  ['rotate key_1 --overlap 91d', '--overlap'],
  ['rotate key_1 --overlap soon', '--overlap'],
  ['rotate key_1 --expires 2020-01-01T00:00:00Z', '--expires'],
  ['list --status old', '--status'],
  ['list --unused-since yesterday', '--unused-since'],
  ['usage --range 1y', '--range is 24h'],
  ['import', '--name is needed'],
  ['import --name k --kind ingest', '--kind'],
  ['import tr_secret --name k', 'tr_secret'],
  ['list --yaml', '--yaml'],
])('%j is refused', (line, words) => {
  const request = read(line);
  expect(request.do === 'refuse' && request.problem).toContain(words);
});
