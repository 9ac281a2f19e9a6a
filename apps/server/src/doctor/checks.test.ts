import { expect, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import { diagnose } from './checks.ts';
import type { Facts } from './facts.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-11-22T00:00:00Z');
const YAML = 'providers:\n  - {id: openai, api_key: "${OPENAI_API_KEY}"}\n';

const config = (variables: Variables = {}, yaml = YAML): Config =>
  readConfig({ OPENAI_API_KEY: 'sk-1', ...variables }, () => yaml);

const facts = (changed: Partial<Facts> = {}): Facts => ({
  config: config(),
  nowMs: NOW_MS,
  files: [{ path: 'data', mode: 0o700, holds: 'the stores' }],
  keys: [],
  hasOwner: true,
  serverCount: 1,
  counters: undefined,
  ...changed,
});

const key = {
  id: 'key_1',
  name: 'ci',
  permissions: ['inference:call'],
  createdAtMs: NOW_MS - DAY_MS,
  lastUsedAtMs: NOW_MS,
};

const names = (changed: Partial<Facts>) =>
  diagnose(facts(changed)).map(({ check, severity }) => `${severity} ${check}`);

test('a sound deployment has no finding', () => {
  expect(diagnose(facts({ keys: [key] }))).toEqual([]);
});

test.each<[string, Partial<Facts>, string[]]>([
  [
    'plain HTTP for everybody',
    { config: config({ HOST: '0.0.0.0' }) },
    ['critical plain-http', 'warning public-url'],
  ],
  [
    'the same in development',
    { config: config({ HOST: '0.0.0.0', TOKENROUTER_MODE: 'development' }) },
    ['warning plain-http'],
  ],
  [
    'HTTPS by a proxy that is not named',
    { config: config({ HOST: '0.0.0.0', TOKENROUTER_PUBLIC_URL: 'https://llm.example.com' }) },
    ['critical plain-http'],
  ],
  [
    'HTTPS by a proxy',
    {
      config: config({
        HOST: '0.0.0.0',
        TOKENROUTER_PUBLIC_URL: 'https://llm.example.com',
        TOKENROUTER_TRUSTED_PROXIES: '10.0.0.5',
      }),
    },
    [],
  ],
  [
    'HTTPS by itself',
    {
      config: config({
        HOST: '0.0.0.0',
        TOKENROUTER_PUBLIC_URL: 'https://llm.example.com',
        TOKENROUTER_TLS_CERT_FILE: 'cert.pem',
        TOKENROUTER_TLS_KEY_FILE: 'key.pem',
      }),
    },
    [],
  ],
  [
    'a remote database without TLS',
    {
      config: config({
        DATABASE_URL: 'postgres://db.internal/x?sslmode=disable',
        TOKENROUTER_MODE: 'production',
      }),
    },
    ['warning public-url', 'critical store-tls'],
  ],
  [
    'a remote database whose certificate nobody looks at',
    { config: config({ DATABASE_URL: 'postgres://db.internal/x?sslmode=no-verify' }) },
    ['warning store-tls'],
  ],
  [
    'a remote database of which nothing is said, as it is spoken to by verified TLS',
    { config: config({ DATABASE_URL: 'postgres://db.internal/x' }) },
    [],
  ],
  [
    'a remote database with verified TLS',
    { config: config({ DATABASE_URL: 'postgres://db.internal/x?sslmode=verify-full' }) },
    [],
  ],
  [
    'a store at a public address',
    { config: config({ CLICKHOUSE_URL: 'https://8.8.8.8:8443' }) },
    ['critical public-store'],
  ],
  [
    'a key in the file',
    { config: config({}, 'providers:\n  - {id: openai, api_key: sk-literal}\n') },
    ['warning literal-secrets'],
  ],
  ['two servers that count for themselves', { serverCount: 2 }, ['warning local-limits']],
  [
    'two servers that count together',
    {
      serverCount: 2,
      config: config({ REDIS_URL: 'redis://127.0.0.1' }),
      counters: { answers: true, evictionPolicy: 'noeviction' },
    },
    [],
  ],
  [
    'Redis that does not answer',
    { counters: { answers: false, evictionPolicy: undefined } },
    ['warning shared-counters'],
  ],
  [
    'Redis that forgets',
    { counters: { answers: true, evictionPolicy: 'allkeys-lru' } },
    ['warning shared-counters'],
  ],
  [
    'readable data',
    { files: [{ path: 'data', mode: 0o755, holds: 'the stores' }] },
    ['warning file-permissions'],
  ],
  [
    'talkative logs in production',
    { config: config({ TOKENROUTER_MODE: 'production', TOKENROUTER_LOG_LEVEL: 'debug' }) },
    ['warning public-url', 'warning log-level'],
  ],
  ['nobody owns it', { hasOwner: false }, ['notice owner']],
  ['no provider', { config: config({}, '') }, ['notice providers']],
  ['an old key', { keys: [{ ...key, createdAtMs: NOW_MS - 91 * DAY_MS }] }, ['warning old-keys']],
  ['an idle key', { keys: [{ ...key, lastUsedAtMs: NOW_MS - 31 * DAY_MS }] }, ['warning unused-keys']],
  [
    'a key that may do everything',
    { keys: [{ ...key, permissions: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }] },
    ['warning broad-keys'],
  ],
])('%s is found', (_name, changed, expected) => {
  expect(names(changed)).toEqual(expected);
});

test('a finding names the place but never shows the secret', () => {
  const findings = diagnose(
    facts({ config: config({}, 'providers:\n  - {id: openai, api_key: sk-literal}\n') }),
  );
  expect(findings[0]?.what).toContain('tokenrouter.yaml line 2: providers[0].api_key');
  expect(JSON.stringify(findings)).not.toContain('sk-literal');
});

test('what could not be read is not judged', () => {
  expect(diagnose(facts({ keys: undefined, hasOwner: undefined, serverCount: undefined }))).toEqual([]);
});

test('what to do with an old or unused key is one command, which names its project where it is not the first', () => {
  const old = { ...key, createdAtMs: NOW_MS - 91 * DAY_MS, lastUsedAtMs: undefined };
  const remedies = (project?: string) =>
    diagnose(facts({ keys: [{ ...old, ...(project !== undefined && { project }) }] }))
      .filter(({ check }) => check.endsWith('-keys'))
      .map(({ remedy }) => remedy);
  expect(remedies()).toEqual([
    expect.stringMatching(/^tokenrouter keys rotate key_\w+, /),
    expect.stringMatching(/^tokenrouter keys revoke key_\w+$/),
  ]);
  expect(remedies('proj_2')[1]).toMatch(/ --project proj_2$/);
});
