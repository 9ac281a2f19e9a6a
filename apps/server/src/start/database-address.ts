import { readFileSync } from 'node:fs';
import type { PostgresOptions } from '@app/store';
import { ConfigError } from '../config/config-error.ts';
import { isLoopback } from '../config/is-loopback.ts';
import type { Environment } from '../config.ts';

/**
 * How the connection to PostgreSQL is protected. `local`: it does not leave this machine. `verified`: TLS, and the server
 * proved that it is the host that was named. `unverified`: TLS with whoever answers. `none`: in the clear.
 */
export type ConnectionTls = 'local' | 'verified' | 'unverified' | 'none';

type DatabaseSettings = Pick<Environment, 'DATABASE_CA_FILE'>;

/**
 * Reads `DATABASE_URL`. A PostgreSQL on another machine is spoken to by verified TLS unless the URL itself says
 * otherwise (`sslmode=disable` or `no-verify`); `prefer`, `require` and `verify-ca` mean `verify-full`. Throws
 * `ConfigError` when a file of authorities cannot be read.
 */
export function readDatabaseAddress(text: string, settings: DatabaseSettings): PostgresOptions {
  const url = new URL(text);
  const tls = databaseTlsOf(text);
  const authorities = settings.DATABASE_CA_FILE ?? url.searchParams.get('sslrootcert') ?? undefined;
  const pair = { cert: url.searchParams.get('sslcert'), key: url.searchParams.get('sslkey') };
  // What is said of TLS is said once, below: the driver reads these by rules of its own.
  for (const name of TLS_PARAMETERS) url.searchParams.delete(name);
  const connectionString = url.href;
  const isPlain = tls === 'none' || (tls === 'local' && !asksForTls(text));
  if (isPlain) return { connectionString, ssl: false };
  return {
    connectionString,
    ssl: {
      // Said aloud, because a variable of the environment would turn it off for the whole process.
      rejectUnauthorized: tls !== 'unverified',
      minVersion: 'TLSv1.2',
      ...(authorities !== undefined &&
        authorities !== 'system' && { ca: read('DATABASE_CA_FILE', authorities) }),
      ...(pair.cert !== null && { cert: read('sslcert', pair.cert) }),
      ...(pair.key !== null && { key: read('sslkey', pair.key) }),
    },
  };
}

/** How a connection by this URL is protected. */
export function databaseTlsOf(text: string): ConnectionTls {
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  const mode = modeOf(url);
  if (host === '' || host.startsWith('/')) return 'local';
  if (mode === undefined || mode === 'disable') {
    if (isLoopback(host)) return 'local';
    return mode === undefined ? 'verified' : 'none';
  }
  return mode === 'no-verify' ? 'unverified' : 'verified';
}

/** On this machine TLS is spoken where the URL asks for it. */
function asksForTls(text: string): boolean {
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? url.hostname;
  return !host.startsWith('/') && host !== '' && ![undefined, 'disable'].includes(modeOf(url));
}

const TLS_PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];

/** `ssl=true` is an older spelling. A word that PostgreSQL does not know asks for TLS, as no typing error may turn it off. */
function modeOf({ searchParams }: URL): string | undefined {
  const mode = searchParams.get('sslmode');
  if (mode !== null) return mode;
  const ssl = searchParams.get('ssl');
  if (ssl === null) return undefined;
  return ['false', '0', 'disable'].includes(ssl)
    ? 'disable'
    : ssl === 'no-verify'
      ? 'no-verify'
      : 'verify-full';
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${setting} names ${path}, which cannot be read: ${reason}.`]);
  }
}
