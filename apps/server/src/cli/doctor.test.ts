import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecurityReport } from '@app/contract';
import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Variables } from '../config/resolve-references.ts';
import { runCommand } from './run-command.ts';

let folder: string;
/** Wrong in every way that settings, files and the environment can be wrong. */
let bad: Variables;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const at = (...parts: string[]) => join(folder, ...parts);
  const write = (path: string, text: string, mode: number) => {
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o777);
  mkdirSync(at('open/data'));
  chmodSync(at('open/data'), 0o755);
  write(at('open/data/master.key'), Buffer.alloc(32, 7).toString('base64'), 0o644);
  write(at('cert.pem'), 'no certificate', 0o644);
  write(at('key.pem'), makeCertificate('llm.example.com').key, 0o604);
  const yaml = `providers:
  - {id: openai, api_key: sk-canary-literal}
  - {id: own, dialect: openai-chat, base_url: "http://llm.internal"}
allow_private_hosts: [llm.internal, 169.254.169.254]
defaults: {shared_provider_objects: true, batches_beyond_limits: true, requests_per_minute: 1000000, organizations_created_by: everyone}
cors: {origins: ["http://localhost:3000"]}
accepted_findings: [{check: swap, reason: r, until: 2020-01-01}]
`;
  write(at('tokenrouter.yaml'), yaml, 0o644);
  bad = {
    HOST: '0.0.0.0',
    TOKENROUTER_CONFIG: at('tokenrouter.yaml'),
    TOKENROUTER_DATA_DIR: at('open/data'),
    TOKENROUTER_MASTER_KEY_FILE: at('open/data/master.key'),
    TOKENROUTER_TLS_CERT_FILE: at('cert.pem'),
    TOKENROUTER_TLS_KEY_FILE: at('key.pem'),
    TOKENROUTER_TLS_MIN_VERSION: '1.2',
    TOKENROUTER_PUBLIC_URL: 'http://llm.example.com',
    TOKENROUTER_TRUSTED_PROXIES: '0.0.0.0/0',
    TOKENROUTER_LOG_LEVEL: 'debug',
    // Nothing listens there: a deployment that is only planned.
    DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:9/x',
    CLICKHOUSE_URL: 'http://default:canary-password@8.8.8.8:8123',
    REDIS_URL: 'redis://127.0.0.1:9',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_OPTIONS: '--max-old-space-size=400 --inspect',
    NODE_DEBUG: 'http',
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What depends on the machine and the account that the tests run on. */
const MACHINES = ['core-dumps', 'swap', 'file-owner'];

type Run = { code: number; printed: string; warned: string };

async function run(args: readonly string[], variables: Variables, isTerminal = false): Promise<Run> {
  const told = { printed: '', warned: '' };
  const code = await runCommand(args, {
    variables,
    print: (text) => {
      told.printed += text;
    },
    warn: (text) => {
      told.warned += text;
    },
    isTerminal,
    runtime: { nodeVersion: 'v20.20.0', uid: 4242, execArgv: [] },
    stopRequested: new Promise(() => undefined),
  });
  return { code, ...told };
}

test('on a planned deployment that is wrong in every way, every fault is found, and what was not asked is said', async () => {
  const { code, printed, warned } = await run(['doctor', '--json'], bad);
  const report = SecurityReport.parse(JSON.parse(printed));
  expect(code).toBe(1);
  expect(new Set(report.findings.map(({ check }) => check))).toEqual(
    new Set([
      ...['literal-secrets', 'master-key-place', 'weak-secrets', 'plain-http', 'trusted-proxies'],
      ...['tls-certificate', 'tls-version', 'provider-tls', 'store-tls', 'public-store', 'tls-verification'],
      ...['default-limits', 'shared-counters', 'audit-required', 'audit-anchors', 'shared-objects'],
      ...[
        'unlimited-batches',
        'private-hosts',
        'inline-keys',
        'open-organizations',
        'inspector',
        'log-level',
      ],
      ...['debug-output', 'other-origins', 'file-permissions', 'open-folders', 'mail'],
      ...['retention', 'node-version', 'accepted-findings'],
      ...report.findings.filter(({ check }) => MACHINES.includes(check)).map(({ check }) => check),
    ]),
  );
  const permissions = report.findings.filter(({ check }) => check === 'file-permissions');
  expect(permissions.map(({ what }) => what.split(' ')[0]?.slice(folder.length + 1)).toSorted()).toEqual([
    'key.pem',
    'open/data',
    'open/data/master.key',
    'tokenrouter.yaml',
  ]);
  expect(report.skipped?.map(({ check }) => check)).toEqual([
    ...['owner', 'owner-two-factor', 'single-owner', 'stale-members', 'broad-keys', 'managing-keys'],
    ...['lasting-keys', 'old-keys', 'unused-keys', 'test-keys', 'budgets', 'local-limits', 'audit-chain'],
    ...['destinations', 'failing-destinations', 'alerts'],
  ]);
  expect(warned).toContain('PostgreSQL could not be asked');
  expect(printed + warned).not.toMatch(/canary|postgres:postgres/);
});

test('the same deployment does not start, and says which findings it is about', async () => {
  const { code, warned } = await run(['start'], bad);
  expect(code).toBe(2);
  expect(warned).toContain('[plain-http]');
  expect(warned).toContain('[inspector]');
  expect(warned).toContain('accepted_findings');
  expect(warned).not.toContain('[log-level]');
});

test('colours are for terminals, and areas are told in order', async () => {
  const { printed } = await run(['doctor'], bad);
  expect(printed).not.toContain('\u001B');
  const headings = ['Secrets', 'HTTPS', 'Stores', 'Limits and budgets', 'Audit', 'Files and machine'];
  const places = headings.map((heading) => printed.indexOf(`\n${heading}\n`));
  expect(places.slice(1).every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect((await run(['doctor'], bad, true)).printed).toContain('\u001B[31mCRITICAL');
  expect((await run(['doctor'], { ...bad, NO_COLOR: '1' }, true)).printed).not.toContain('\u001B');
});

test('another file is checked by its name; quiet says nothing of notices; strict counts warnings', async () => {
  const path = join(folder, 'good.yaml');
  writeFileSync(path, '');
  chmodSync(path, 0o600);
  const laptop: Variables = {
    TOKENROUTER_DATA_DIR: join(folder, 'none'),
    TOKENROUTER_MASTER_KEY: Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64'),
    DATABASE_URL: 'postgres://127.0.0.1:9/x?password=a-long-password',
    TOKENROUTER_CONFIG: bad.TOKENROUTER_CONFIG,
  };
  const node = async (args: string[]) => run(['doctor', '--config', path, ...args], laptop);
  const told = await node([]);
  expect(told.code).toBe(0);
  expect(told.printed).toContain('[providers]');
  expect(told.printed).toContain('[node-version]');
  expect(told.printed).not.toContain('literal-secrets');
  const quiet = await node(['--quiet']);
  expect(quiet.printed).toContain('[node-version]');
  expect(quiet.printed).not.toContain('[providers]');
  expect((await node(['--strict'])).code).toBe(1);
  expect((await run(['doctor', '--config', join(folder, 'missing.yaml')], laptop)).code).toBe(2);
});
