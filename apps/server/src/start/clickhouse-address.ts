import { readFileSync } from 'node:fs';
import type { ClickhouseOptions } from '@app/store';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config.ts';

/**
 * Reads `CLICKHOUSE_URL`. The name and password leave the address, so that no message about the address can carry them. The
 * certificate of an https address is verified always. Throws `ConfigError` when the file of authorities cannot be read.
 */
export function readClickhouseAddress(
  text: string,
  { CLICKHOUSE_CA_FILE: file }: Pick<Environment, 'CLICKHOUSE_CA_FILE'>,
): ClickhouseOptions {
  const url = new URL(text);
  const database = url.pathname.slice(1);
  return {
    url: url.origin,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === '' ? {} : { database }),
    ...(file === undefined ? {} : { ca: readAuthorities(file) }),
  };
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`CLICKHOUSE_CA_FILE names ${path}, which cannot be read: ${reason}.`]);
  }
}
