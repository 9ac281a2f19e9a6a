import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from '@app/providers';
import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';
import { readBatch } from '@app/tracing';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { mcpTools } from '../../src/mcp/mcp-tools.ts';
import { listAccess } from '../access-table.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { digest, testKeys } from '../test-keys.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
let upstream: FakeUpstream;
let server: TestServer;
beforeAll(async () => {
  upstream = await openFakeUpstream(playsOpenAi({ text: 'hello' }));
  server = await createTestServer({
    providers: [{ id: 'acme', dialect: 'openai-chat', baseUrl: upstream.url, models: ['gpt-4o'] }],
  });
});
afterAll(async () => {
  await server.close();
  await upstream.close();
});

/** The status of a call with this key, shown in each of the ways in which keys are shown. */
async function statusesOf(key: string): Promise<number[]> {
  const ways = [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }, { 'x-goog-api-key': key }];
  const replies = ways.map((headers) => fetch(`${server.url}/v1/models`, { headers }));
  return (await Promise.all(replies)).map(({ status }) => status);
}
const REGISTRY = 'https://registry.npmjs.org/';
const REFUSED = [401, 401, 401];

test('CVE-2026-35030: a key that begins like one that was just used is somebody else’s', async () => {
  const { live } = testKeys;
  expect(await statusesOf(live)).toEqual([200, 200, 200]);
  for (let length = 3; length < live.length; length += 1) {
    const like = live.slice(0, length) + 'x'.repeat(live.length - length);
    if (like !== live) expect(await statusesOf(like)).toEqual(REFUSED);
    expect(await statusesOf(live.slice(0, length))).toEqual(REFUSED);
    expect(await statusesOf(`${live}${'x'.repeat(length)}`)).toEqual(REFUSED);
  }
});

test('CVE-2026-35029: what is stored of a key opens nothing, in any spelling', async () => {
  const stored = digest(testKeys.live);
  const bytes = Buffer.from(stored, 'base64url');
  for (const hash of [stored, bytes.toString('hex'), bytes.toString('base64'), `tr_live_${stored}`])
    expect(await statusesOf(hash)).toEqual(REFUSED);
});

test('CVE-2026-42208: SQL in a key is a wrong key, before and after anybody is known', async () => {
  const attacks = [
    "' OR '1'='1",
    "tr_live_x' OR 1=1 --",
    "'; DROP TABLE api_keys; --",
    "\\' OR 1=1 --",
    '%',
    '_',
    'tr_live_%',
  ];
  for (const attack of attacks) expect(await statusesOf(attack)).toEqual(REFUSED);
  expect(server.defects).toEqual([]);
});

test('Portkey #1657: there is no token, password or key that works without somebody having made it', async () => {
  for (const guess of [
    'admin',
    'sk-1234',
    'default',
    'password',
    'changeme',
    'tokenrouter',
    'tr_live_',
    'null',
    'undefined',
  ])
    expect(await statusesOf(guess)).toEqual(REFUSED);
  // In production nothing starts by a default either: without a master key there is no server.
  const { findMasterKey } = await import('../../src/start/open-secrets.ts');
  const variables = { TOKENROUTER_MODE: 'production', TOKENROUTER_CONFIG: 'x.yaml', HOME: '/nonexistent' };
  const config = readConfig(variables, () => '{}');
  await expect(findMasterKey(config, variables)).rejects.toThrow('No master key');
});

test('new-api, April 2026: an empty secret is an error of the start and never one that everybody knows', () => {
  const read = (variables: { [name: string]: string }, yaml = '{}') =>
    readConfig({ TOKENROUTER_CONFIG: 'x.yaml', ...variables }, () => yaml);
  const secrets = ['TOKENROUTER_MASTER_KEY', 'TOKENROUTER_MASTER_KEY_WRAPPED', 'TOKENROUTER_NEW_MASTER_KEY'];
  for (const name of secrets) {
    for (const empty of ['', ' ', '\t']) expect(() => read({ [name]: empty })).toThrow(ConfigError);
  }
  expect(() => read({}, 'providers: [{ id: openai, api_key: "" }]')).toThrow(ConfigError);
  expect(() => read({ OPENAI: '' }, 'providers: [{ id: openai, api_key: "${OPENAI}" }]')).toThrow(
    ConfigError,
  );
  expect(() => read({ S: '' }, 'secret_refs: { a: { env: S } }')).toThrow(ConfigError);
});

test('LiteLLM, 18 March 2026: a secret that is logged, printed, joined or copied shows nothing of itself', () => {
  const secret = new Secret('canary-authorization');
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(line) });
  log.error(
    { secret, auth: { headers: { authorization: secret } }, err: new Error('x', { cause: secret }) },
    `${secret}`,
  );
  lines.push(
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret, { depth: 9, showHidden: true }),
    `${[secret]}`,
  );
  lines.push(
    JSON.stringify({ ...secret }),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredClone({ ...secret })),
  );
  expect(lines.join('\n')).not.toContain('canary');
});

test('LiteLLM on PyPI, 24 March 2026: every package is locked by its digest, from one registry, and few may run at their installation', () => {
  const lock: { packages: { [path: string]: { resolved?: string; integrity?: string; link?: boolean } } } =
    JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const foreign = Object.entries(lock.packages).filter(
    ([path, { resolved, integrity, link }]) =>
      path.startsWith('node_modules/') &&
      link !== true &&
      // Without an address it comes from the registry that is set; the digest holds wherever it comes from.
      (!(resolved ?? REGISTRY).startsWith(REGISTRY) || integrity?.startsWith('sha512-') !== true),
  );
  expect(foreign.map(([path]) => path)).toEqual([]);
  const { allowScripts = {} }: { allowScripts?: object } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  expect(Object.entries(allowScripts).filter(([, allowed]) => allowed).length).toBeLessThan(6);
});

test('CVE-2026-63645: no address shows or changes the configuration, whoever asks', async () => {
  const routes = listAccess().map(({ route }) => route);
  expect(routes.length).toBeGreaterThan(50);
  expect(routes.filter((route) => /config|\/env\b|debug/i.test(route))).toEqual([]);
  for (const path of [
    '/config',
    '/config/runtime',
    '/api/v1/config',
    '/config/update',
    '/env',
    '/debug/vars',
  ]) {
    for (const method of ['GET', 'POST', 'PUT']) {
      const headers = { authorization: `Bearer ${testKeys.live}` };
      const { status } = await fetch(`${server.url}${path}`, { method, headers });
      expect([path, status]).toEqual([path, 404]);
    }
  }
});

test('CVE-2026-105699: agents have one address, and what they ask is asked of the guarded operations', () => {
  const doors = listAccess().filter(({ route }) => /mcp/i.test(route));
  expect(doors.map(({ route }) => route)).toEqual(['POST /mcp']);
  const paths = mcpTools.map(
    ({ endpoint }) => `${endpoint.method} ${endpoint.path.replace(/\{(\w+)\}/g, ':$1')}`,
  );
  const guarded = new Set(listAccess().map(({ route }) => route));
  expect(paths.filter((path) => !guarded.has(path))).toEqual([]);
});

test('CVE-2026-128080: no address is kept with the secrets in its query', () => {
  const spans = [
    {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'GET',
      startTimeUnixNano: '1780000000000000000',
      endTimeUnixNano: '1780000001000000000',
      attributes: [
        {
          key: 'url.full',
          value: { stringValue: 'https://user:hidden-1@example.com/x?api_key=hidden-2&page=3' },
        },
        { key: 'url.query', value: { stringValue: 'X-Amz-Signature=hidden-3&page=3' } },
      ],
    },
  ];
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  const read = readBatch('otlp-json', body, { receivedAtMs: 1_780_000_002_000, mode: 'live' });
  expect(read.spans).toHaveLength(1);
  expect(JSON.stringify(read)).not.toContain('hidden-');
});

test('CVE-2026-116366: the embedded stores listen on sockets in a folder of their own, and on no port', () => {
  const folder = join(ROOT, 'packages/local-stack/src');
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.test.ts'));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const listening = texts.flatMap((text) =>
    [...text.matchAll(/\.listen\(([^,)]*)/g)].map(([, place]) => place),
  );
  expect(listening.length).toBeGreaterThan(0);
  for (const place of listening) expect(place).toMatch(/path|socket|address/i);
  expect(texts.some((text) => /listen_addresses: ''/.test(text))).toBe(true);
});
