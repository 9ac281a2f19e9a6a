import { readConfig } from '../src/config/read-config.ts';
import type { Variables } from '../src/config/resolve-references.ts';
import type { Config } from '../src/config.ts';
import type { CheckName } from '../src/doctor/check-names.ts';
import type { Facts, KeyFact, PersonFact, RuntimeFact } from '../src/doctor/facts.ts';
import type { Severity } from '../src/doctor/finding.ts';

export const DAY_MS = 86_400_000;
export const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

const SOUND = `providers:
  - {id: openai, api_key: "\${OPENAI_API_KEY}"}
inline_keys: {enabled: false}
mail: {url: "\${SMTP_URL}", from: llm@example.com}
audit: {required: true, anchors: {webhook: "https://anchors.example.com"}}
retention: {conversations_days: 90, traces_days: 365}
`;

/** The settings of a sound production deployment, with others. */
export function readSound(variables: Variables = {}, yaml = ''): Config {
  return readConfig(
    {
      TOKENROUTER_MODE: 'production',
      TOKENROUTER_PUBLIC_URL: 'https://llm.example.com',
      TOKENROUTER_MASTER_KEY_FILE: '/etc/tokenrouter/master.key',
      DATABASE_URL: 'postgres://app:canary-of-the-database@db.internal/llm',
      TOKENROUTER_CONFIG: 'tokenrouter.yaml',
      OPENAI_API_KEY: 'sk-canary',
      SMTP_URL: 'smtps://app:canary-of-the-mail@smtp.example.com',
      SECRET: 'canary-of-sign-in',
      ...variables,
    },
    () => SOUND + yaml,
  );
}

export const keyFact: KeyFact = {
  id: 'key_1',
  name: 'ci',
  mode: 'live',
  permissions: ['inference:call'],
  createdAtMs: NOW_MS - DAY_MS,
  lastUsedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 30 * DAY_MS,
};

export const personFact: PersonFact = {
  organization: 'default',
  email: 'a@example.com',
  role: 'owner',
  hasTwoFactor: false,
  lastActiveAtMs: NOW_MS,
  staleDays: 90,
  twoFactorRequired: false,
};

const runtime: RuntimeFact = {
  nodeVersion: 'v24.21.0',
  uid: 1000,
  options: [],
  variables: {},
  dumpsMemory: false,
  swap: [],
};

/** What is to be seen of a sound production deployment, with what is different. */
export function soundFacts(changed: Partial<Facts> = {}): Facts {
  return {
    config: readSound(),
    nowMs: NOW_MS,
    files: [{ path: 'data', mode: 0o700, uid: 1000, holds: 'the stores' }],
    openFolders: [],
    masterKey: { from: 'file', path: '/etc/tokenrouter/master.key', isInsideData: false, isWeak: false },
    certificate: { file: 'cert.pem', expiresAtMs: NOW_MS + 60 * DAY_MS },
    runtime,
    storeAddresses: [{ name: 'DATABASE_URL', host: 'db.internal', addresses: ['10.0.0.7'] }],
    keys: [keyFact],
    hasOwner: true,
    people: [{ ...personFact, hasTwoFactor: true }],
    projectsWithoutBudget: [],
    alerting: [{ organization: 'default', destinations: 1, failing: [], alerts: 1 }],
    audit: { faults: [] },
    serverCount: 1,
    counters: undefined,
    ...changed,
  };
}

type Planted = [check: CheckName, fault: string, found: [Severity, Partial<Facts>]];

const set = (variables: Variables): Partial<Facts> => ({ config: readSound(variables) });
const yaml = (text: string): Partial<Facts> => ({ config: readSound({}, text) });
/** In the place of what the sound file says of it. */
const instead = (from: string, to: string): Partial<Facts> => ({
  config: readConfig(
    {
      TOKENROUTER_MODE: 'production',
      TOKENROUTER_PUBLIC_URL: 'https://llm.example.com',
      DATABASE_URL: 'postgres://app:canary-of-the-database@db.internal/llm',
      TOKENROUTER_CONFIG: 'tokenrouter.yaml',
      OPENAI_API_KEY: 'sk-canary',
      SMTP_URL: 'smtps://app:canary-of-the-mail@smtp.example.com',
    },
    () => SOUND.replace(from, to),
  ),
});
const running = (changed: Partial<RuntimeFact>): Partial<Facts> => ({ runtime: { ...runtime, ...changed } });
const file = (changed: Partial<Facts['files'][number]>): Partial<Facts> => ({
  files: [{ path: 'data', mode: 0o700, uid: 1000, holds: 'the stores', ...changed }],
});
const key = (changed: Partial<KeyFact>): Partial<Facts> => ({ keys: [{ ...keyFact, ...changed }] });
const masterKey = (changed: Partial<Facts['masterKey']>): Partial<Facts> => ({
  masterKey: { from: 'file', path: 'data/master.key', isInsideData: false, isWeak: false, ...changed },
});
const alerting = (changed: object): Partial<Facts> => ({
  alerting: [{ organization: 'default', destinations: 1, failing: [], alerts: 1, ...changed }],
});

/** A deployment that is wrong in every way: for each check what it has to find. */
export const plantedFaults: readonly Planted[] = [
  [
    'audit-tls',
    'events go out in the clear',
    ['warning', instead('required: true', 'required: true, syslog: {address: "udp://siem.internal:514"}')],
  ],
  [
    'assumed-emails',
    'addresses of a provider are believed',
    [
      'notice',
      yaml(
        'sign_in: {providers: [{id: entra, kind: github, client_id: c, client_secret: "${SECRET}", assume_email_verified: true}]}\n',
      ),
    ],
  ],
  [
    'literal-secrets',
    'a provider’s key stands in the file',
    ['warning', instead('"${OPENAI_API_KEY}"', 'sk-canary-literal')],
  ],
  [
    'literal-secrets',
    'the mail password stands in a URL',
    ['warning', instead('"${SMTP_URL}"', '"smtps://app:canary-literal@smtp.example.com"')],
  ],
  [
    'master-key-place',
    'the master key lies in the data folder',
    ['critical', masterKey({ isInsideData: true })],
  ],
  ['master-key-place', 'it stands in the environment', ['notice', masterKey({ from: 'environment' })]],
  [
    'weak-secrets',
    'the master key is the same byte again and again',
    ['critical', masterKey({ isWeak: true })],
  ],
  [
    'weak-secrets',
    'a store has a default password',
    ['critical', set({ DATABASE_URL: 'postgres://postgres:postgres@db.internal/x' })],
  ],
  ['weak-secrets', 'a store has none', ['critical', set({ CLICKHOUSE_URL: 'https://ch.internal:8443' })]],
  ['weak-secrets', 'a Redis on this machine has none', ['warning', set({ REDIS_URL: 'redis://127.0.0.1' })]],
  [
    'plain-http',
    'it listens everywhere without HTTPS',
    ['critical', set({ HOST: '0.0.0.0', TOKENROUTER_PUBLIC_URL: undefined })],
  ],
  [
    'plain-http',
    'browsers come by plain HTTP',
    ['critical', set({ TOKENROUTER_PUBLIC_URL: 'http://llm.example.com' })],
  ],
  ['public-url', 'nobody said how browsers come', ['warning', set({ TOKENROUTER_PUBLIC_URL: undefined })]],
  [
    'trusted-proxies',
    'everybody is believed as a proxy',
    ['critical', set({ TOKENROUTER_TRUSTED_PROXIES: '0.0.0.0/0' })],
  ],
  [
    'trusted-proxies',
    'everybody is believed by IPv6',
    ['critical', set({ TOKENROUTER_TRUSTED_PROXIES: '::/0' })],
  ],
  [
    'tls-certificate',
    'the certificate ends in three weeks',
    ['warning', { certificate: { file: 'c', expiresAtMs: NOW_MS + 20.5 * DAY_MS } }],
  ],
  [
    'tls-certificate',
    'it is out of date',
    ['critical', { certificate: { file: 'c', expiresAtMs: NOW_MS - DAY_MS } }],
  ],
  [
    'tls-certificate',
    'it cannot be read',
    ['critical', { certificate: { file: 'c', problem: 'It cannot be read.' } }],
  ],
  ['tls-version', 'TLS 1.2 is accepted', ['notice', set({ TOKENROUTER_TLS_MIN_VERSION: '1.2' })]],
  [
    'provider-tls',
    'a provider in the network is called by plain HTTP',
    [
      'warning',
      instead(
        'inline_keys:',
        '  - {id: own, dialect: openai-chat, base_url: "http://llm.internal/v1"}\nallow_private_hosts: [llm.internal]\ninline_keys:',
      ),
    ],
  ],
  [
    'store-tls',
    'PostgreSQL is reached in the clear',
    ['critical', set({ DATABASE_URL: 'postgres://a:canary-password@db.internal/x?sslmode=disable' })],
  ],
  [
    'store-tls',
    'its certificate is not verified',
    ['critical', set({ DATABASE_URL: 'postgres://a:canary-password@db.internal/x?sslmode=no-verify' })],
  ],
  [
    'store-tls',
    'ClickHouse is reached in the clear',
    ['critical', set({ CLICKHOUSE_URL: 'http://u:canary-password@ch.internal:8123' })],
  ],
  [
    'store-tls',
    'Redis is reached in the clear',
    ['critical', set({ REDIS_URL: 'redis://:canary-password@redis.internal' })],
  ],
  [
    'public-store',
    'a store is at a public address',
    ['critical', set({ CLICKHOUSE_URL: 'https://u:canary-password@8.8.8.8:8443' })],
  ],
  [
    'public-store',
    'its name leads to one',
    [
      'critical',
      { storeAddresses: [{ name: 'DATABASE_URL', host: 'db.internal', addresses: ['10.0.0.7', '8.8.8.8'] }] },
    ],
  ],
  [
    'tls-verification',
    'Node believes every certificate',
    ['critical', running({ variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })],
  ],
  [
    'tls-verification',
    'keys of connections are written down',
    ['critical', running({ options: ['--tls-keylog=keys.log'] })],
  ],
  ['owner', 'nobody owns it', ['notice', { hasOwner: false }]],
  ['owner-two-factor', 'an owner has no second factor', ['warning', { people: [personFact] }]],
  ['single-owner', 'one owner has no second factor and no other', ['warning', { people: [personFact] }]],
  [
    'stale-members',
    'somebody was gone for long',
    ['warning', { people: [{ ...personFact, hasTwoFactor: true, lastActiveAtMs: NOW_MS - 91 * DAY_MS }] }],
  ],
  [
    'broad-keys',
    'a key may do seven things',
    ['warning', key({ permissions: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] })],
  ],
  [
    'managing-keys',
    'a key makes keys for ever',
    ['warning', key({ permissions: ['keys:write'], expiresAtMs: undefined })],
  ],
  ['lasting-keys', 'a key has no end', ['notice', key({ expiresAtMs: undefined })]],
  ['old-keys', 'a key is older than 90 days', ['warning', key({ createdAtMs: NOW_MS - 91 * DAY_MS })]],
  ['unused-keys', 'a key was not used for a month', ['warning', key({ lastUsedAtMs: NOW_MS - 31 * DAY_MS })]],
  ['test-keys', 'a test key works in production', ['notice', key({ mode: 'test' })]],
  [
    'default-limits',
    'a new key is hardly limited',
    ['warning', yaml('defaults: {requests_per_minute: 10000000}\n')],
  ],
  ['budgets', 'a project has no budget', ['warning', { projectsWithoutBudget: ['default/search'] }]],
  ['local-limits', 'two servers count for themselves', ['warning', { serverCount: 2 }]],
  [
    'shared-counters',
    'Redis does not answer',
    ['warning', { counters: { answers: false, evictionPolicy: undefined } }],
  ],
  [
    'shared-counters',
    'Redis forgets',
    ['warning', { counters: { answers: true, evictionPolicy: 'allkeys-lru' } }],
  ],
  [
    'audit-required',
    'changes go on without the audit',
    ['notice', instead('required: true', 'required: false')],
  ],
  [
    'audit-anchors',
    'the audit stays on the machine',
    ['warning', instead(', anchors: {webhook: "https://anchors.example.com"}', '')],
  ],
  [
    'audit-chain',
    'a chain was changed',
    ['critical', { audit: { faults: ['Event 7 of default was edited.'] } }],
  ],
  ['destinations', 'an organization is told nothing', ['warning', alerting({ destinations: 0 })]],
  [
    'failing-destinations',
    'a destination did not get its message',
    ['warning', alerting({ failing: ['ops'] })],
  ],
  ['alerts', 'an organization has no alert', ['notice', alerting({ alerts: 0 })]],
  [
    'shared-objects',
    'projects share what providers keep',
    ['warning', yaml('defaults: {shared_provider_objects: true}\n')],
  ],
  [
    'unlimited-batches',
    'batches go beyond limits',
    ['warning', yaml('defaults: {batches_beyond_limits: true}\n')],
  ],
  [
    'private-hosts',
    'a metadata service may be called',
    ['critical', yaml('allow_private_hosts: ["169.254.169.254:80"]\n')],
  ],
  [
    'private-hosts',
    'it may be called by name',
    ['critical', yaml('allow_private_hosts: [metadata.google.internal]\n')],
  ],
  [
    'private-hosts',
    'a whole network may be called',
    [
      'warning',
      yaml(`allow_private_hosts: [${Array.from({ length: 21 }, (_, at) => `h${at}`).join(', ')}]\n`),
    ],
  ],
  [
    'inline-keys',
    'callers bring keys of every provider',
    ['notice', instead('inline_keys: {enabled: false}', '')],
  ],
  [
    'open-organizations',
    'everybody makes organizations',
    ['notice', yaml('defaults: {organizations_created_by: everyone}\n')],
  ],
  ['inspector', 'a debugger listens', ['critical', running({ options: ['--inspect=0.0.0.0:9229'] })]],
  ['log-level', 'logs are talkative', ['warning', set({ TOKENROUTER_LOG_LEVEL: 'debug' })]],
  ['debug-output', 'Node prints requests', ['critical', running({ variables: { NODE_DEBUG: 'http' } })]],
  [
    'other-origins',
    'a page of development may call',
    ['warning', yaml('cors: {origins: ["http://localhost:3000"]}\n')],
  ],
  ['file-permissions', 'the data can be read by others', ['critical', file({ mode: 0o755 })]],
  [
    'file-permissions',
    'a mounted key can be read by everybody',
    ['critical', file({ mode: 0o644, isMounted: true })],
  ],
  ['file-owner', 'the data belongs to somebody else', ['critical', file({ uid: 1001 })]],
  [
    'open-folders',
    'everybody may write the folder above',
    ['critical', { openFolders: [{ path: '/srv', above: '/srv/data' }] }],
  ],
  ['root-account', 'it runs as root', ['warning', running({ uid: 0 })]],
  ['core-dumps', 'a crash writes memory to disk', ['warning', running({ dumpsMemory: true })]],
  ['swap', 'memory is swapped to a disk', ['notice', running({ swap: ['/dev/sda2'] })]],
  [
    'providers',
    'there is no provider',
    ['notice', instead('providers:\n  - {id: openai, api_key: "${OPENAI_API_KEY}"}\n', '')],
  ],
  [
    'mail',
    'there is no mail server',
    ['notice', instead('mail: {url: "${SMTP_URL}", from: llm@example.com}\n', '')],
  ],
  [
    'retention',
    'conversations are kept for ever',
    ['notice', instead('retention: {conversations_days: 90, traces_days: 365}\n', '')],
  ],
  ['backups', 'everything is on one machine', ['notice', set({ DATABASE_URL: undefined })]],
  ['node-version', 'Node is past its end', ['warning', running({ nodeVersion: 'v20.20.0' })]],
  [
    'accepted-findings',
    'an acceptance has ended',
    ['notice', yaml('accepted_findings: [{check: swap, reason: r, until: 2026-11-21}]\n')],
  ],
];
