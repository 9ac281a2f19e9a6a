import { isIP } from 'node:net';
import { isLoopback } from '../config/is-loopback.ts';
import { classifyAddress } from '../outbound/classify-address.ts';
import { databaseTlsOf } from '../start/database-address.ts';
import type { Facts, KeyFact } from './facts.ts';
import type { Finding, Severity } from './finding.ts';

const DAY_MS = 86_400_000;
const KEY_AGE_DAYS_MAX = 90;
const KEY_IDLE_DAYS_MAX = 30;
/** More than this many permissions on one key is more than one application needs. */
const PERMISSIONS_MAX = 6;

type Check = { name: string; why: string; run(facts: Facts): Omit<Finding, 'check' | 'why'>[] };

/** Every check of a deployment, in the order of the security checklist in the docs. */
const checks: readonly Check[] = [
  {
    name: 'literal-secrets',
    why: 'A key written into a file ends up in backups and repositories.',
    run: ({ config }) =>
      config.file.literalSecrets.map((place) =>
        found(
          'warning',
          `${place} holds a key as plain text.`,
          `Put it into an environment variable and write \${NAME} instead.`,
        ),
      ),
  },
  {
    name: 'plain-http',
    why: 'Prompts, replies and API keys travel in the clear to whoever listens on the network.',
    run: ({ config }) => {
      const { HOST } = config.environment;
      if (isLoopback(HOST) || isServedByHttps(config.environment)) return [];
      return [
        found(
          inProduction(config.mode, 'critical'),
          `The server listens on ${HOST} without HTTPS.`,
          'Set TOKENROUTER_TLS_CERT_FILE and TOKENROUTER_TLS_KEY_FILE; or put a TLS proxy before it and set TOKENROUTER_PUBLIC_URL to its https:// address and TOKENROUTER_TRUSTED_PROXIES to the address it calls from.',
        ),
      ];
    },
  },
  {
    name: 'public-url',
    why: 'Without it any Host header is accepted and the sign-in cookie is not limited to HTTPS.',
    run: ({ config }) =>
      config.mode === 'production' && config.environment.TOKENROUTER_PUBLIC_URL === undefined
        ? [
            found(
              'warning',
              'TOKENROUTER_PUBLIC_URL is not set.',
              'Set it to the https:// address that browsers use.',
            ),
          ]
        : [],
  },
  {
    name: 'store-tls',
    why: 'Traces and key digests travel in the clear between the server and its stores.',
    run: ({ config }) =>
      storeUrls(config.environment)
        .filter(isUnprotected)
        .map(({ name, remedy }) =>
          found(
            inProduction(config.mode, 'critical'),
            `${name} reaches another machine without verified TLS.`,
            remedy,
          ),
        ),
  },
  {
    name: 'public-store',
    why: 'A database that the whole internet can reach is attacked day and night.',
    run: ({ config }) =>
      storeUrls(config.environment)
        .filter(({ host }) => isPublicAddress(host))
        .map(({ name, host }) =>
          found(
            'critical',
            `${name} is at the public address ${host}.`,
            'Move it to a private network and name its private address.',
          ),
        ),
  },
  {
    name: 'local-limits',
    why: 'Each server would count for itself, so a limit would be as many times its number as there are servers.',
    run: ({ config, serverCount = 0 }) =>
      config.environment.REDIS_URL === undefined && serverCount > 1
        ? [
            found(
              'warning',
              `${serverCount} servers use this database, and each counts limits for itself.`,
              'Set REDIS_URL to the same Redis for all of them, or run one.',
            ),
          ]
        : [],
  },
  {
    name: 'shared-counters',
    why: 'Limits of several servers hold only as long as their counters answer and forget nothing.',
    run: ({ config, counters }) => [
      ...(counters?.answers === false
        ? [
            found(
              'warning',
              `The counters at REDIS_URL do not answer: ${awayWords(config.file.defaults.when_counters_are_away)}`,
              'Start Redis, or correct REDIS_URL.',
            ),
          ]
        : []),
      ...(![undefined, 'noeviction'].includes(counters?.evictionPolicy)
        ? [
            found(
              'warning',
              `Redis forgets counts when its memory is full (maxmemory-policy ${counters?.evictionPolicy}).`,
              'Give limits a Redis of their own with maxmemory-policy noeviction.',
            ),
          ]
        : []),
    ],
  },
  {
    name: 'file-permissions',
    why: 'Other accounts on this machine could read keys and traces.',
    run: ({ files, config }) =>
      files
        .filter((file) => (file.mode & 0o077) !== 0)
        .map((file) =>
          found(
            inProduction(config.mode, 'critical'),
            `${file.path} (${file.holds}) can be read by others (mode ${(file.mode & 0o777).toString(8)}).`,
            `chmod go= ${file.path}`,
          ),
        ),
  },
  {
    name: 'log-level',
    why: 'Detailed logs tell more about callers than operation needs.',
    run: ({ config }) =>
      config.mode === 'production' && !['warn', 'error', 'fatal'].includes(config.logLevel)
        ? [
            found(
              'warning',
              `The log level in production is ${config.logLevel}.`,
              'Set TOKENROUTER_LOG_LEVEL to warn.',
            ),
          ]
        : [],
  },
  {
    name: 'owner',
    why: 'Whoever opens the set-up link first owns the installation.',
    run: ({ hasOwner }) =>
      hasOwner === false
        ? [
            found(
              'notice',
              'There is no owner yet.',
              'Open the set-up link that the server prints at its start.',
            ),
          ]
        : [],
  },
  {
    name: 'providers',
    why: 'Only test keys get an answer until then.',
    run: ({ config }) =>
      config.file.providers.length === 0
        ? [found('notice', 'No provider is configured.', 'Add one under "providers" in tokenrouter.yaml.')]
        : [],
  },
  {
    name: 'old-keys',
    why: 'The longer a key lives, the more places it has leaked to.',
    run: ({ keys = [], nowMs }) =>
      keys
        .filter((key) => nowMs - key.createdAtMs > KEY_AGE_DAYS_MAX * DAY_MS)
        .map((key) =>
          found(
            'warning',
            `The key "${key.name}" (${key.id}) is older than ${KEY_AGE_DAYS_MAX} days.`,
            `${commandFor('rotate', key)}, and hand the new one out before the overlap ends.`,
          ),
        ),
  },
  {
    name: 'unused-keys',
    why: 'A key that nobody uses can only be misused.',
    run: ({ keys = [], nowMs }) =>
      keys
        .filter((key) => nowMs - (key.lastUsedAtMs ?? key.createdAtMs) > KEY_IDLE_DAYS_MAX * DAY_MS)
        .map((key) =>
          found(
            'warning',
            `The key "${key.name}" (${key.id}) was not used for ${KEY_IDLE_DAYS_MAX} days.`,
            commandFor('revoke', key),
          ),
        ),
  },
  {
    name: 'broad-keys',
    why: 'A stolen key can do everything it was allowed to do.',
    run: ({ keys = [] }) =>
      keys
        .filter((key) => key.permissions.length > PERMISSIONS_MAX)
        .map((key) =>
          found(
            'warning',
            `The key "${key.name}" (${key.id}) has ${key.permissions.length} permissions.`,
            'Create one key for each use with the permissions that use needs.',
          ),
        ),
  },
];

/** Runs every check. Findings come in the order of the checks. */
export function diagnose(facts: Facts): Finding[] {
  return checks.flatMap(({ name, why, run }) =>
    run(facts).map((finding) => ({ ...finding, check: name, why })),
  );
}

const awayWords = (setting: 'open' | 'closed'): string =>
  setting === 'open'
    ? 'each server counts for itself, with its share of what is left; what others use of it in that time is not seen.'
    : 'calls that have a limit are refused.';

function found(severity: Severity, what: string, remedy: string): Omit<Finding, 'check' | 'why'> {
  return { severity, what, remedy };
}

function commandFor(action: 'rotate' | 'revoke', { id, project }: KeyFact): string {
  return `tokenrouter keys ${action} ${id}${project === undefined ? '' : ` --project ${project}`}`;
}

const inProduction = (mode: string, severity: Severity): Severity =>
  mode === 'production' ? severity : 'warning';

/** Our own TLS, or that of a proxy, which must be named: else anybody may reach the port past it. */
function isServedByHttps(environment: Facts['config']['environment']): boolean {
  const { TOKENROUTER_PUBLIC_URL: url, TOKENROUTER_TRUSTED_PROXIES: proxies } = environment;
  if (environment.TOKENROUTER_TLS_CERT_FILE !== undefined) return true;
  return url?.startsWith('https://') === true && proxies.length > 0;
}

type StoreUrl = { name: string; host: string; isVerified: boolean; remedy: string };

function storeUrls(environment: Facts['config']['environment']): StoreUrl[] {
  const { DATABASE_URL, CLICKHOUSE_URL, REDIS_URL } = environment;
  const named: [string, string | undefined, string][] = [
    ['DATABASE_URL', DATABASE_URL, 'Take sslmode out of it, or write ?sslmode=verify-full.'],
    ['CLICKHOUSE_URL', CLICKHOUSE_URL, 'Use its https:// port.'],
    ['REDIS_URL', REDIS_URL, 'Use rediss://.'],
  ];
  return named.flatMap(([name, text, remedy]) => {
    if (text === undefined) return [];
    const url = new URL(text);
    const isVerified =
      name === 'DATABASE_URL'
        ? databaseTlsOf(text) === 'verified'
        : ['https:', 'rediss:'].includes(url.protocol);
    const host = (url.searchParams.get('host') ?? decodeURIComponent(url.hostname)).replace(/^\[|\]$/g, '');
    return [{ name, host: host.startsWith('/') ? '' : host, isVerified, remedy }];
  });
}

/** A socket path has no host. */
const isUnprotected = ({ host, isVerified }: StoreUrl): boolean =>
  host !== '' && !isLoopback(host) && !isVerified;

function isPublicAddress(host: string): boolean {
  return isIP(host) !== 0 && classifyAddress(host) === 'public';
}
