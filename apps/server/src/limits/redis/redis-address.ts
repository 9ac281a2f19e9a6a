import { readFileSync } from 'node:fs';
import type { Environment } from '../../config.ts';

/** Where Redis is, as its client knows it, with the certificate authorities that it must be signed by. */
export type RedisAddress = { url: string; ca?: string } | { path: string };

/**
 * Reads `REDIS_URL` and `REDIS_CA_FILE`. Certificates are verified always: without a file, against the authorities that
 * Node knows. Throws when the file cannot be read, or is of no use with this address.
 */
export function readRedisAddress(
  url: string,
  { REDIS_CA_FILE: file }: Pick<Environment, 'REDIS_CA_FILE'>,
): RedisAddress {
  if (file === undefined) return url.startsWith('unix:') ? { path: url.slice('unix:'.length) } : { url };
  if (!url.startsWith('rediss:'))
    throw new Error('REDIS_CA_FILE is set, and REDIS_URL is not rediss://. Remove it, or use rediss://.');
  try {
    return { url, ca: readFileSync(file, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`REDIS_CA_FILE names ${file}, which cannot be read: ${reason}.`);
  }
}

/** The options of the client for an address, with those of its socket. */
export function redisClientOptions<Waits extends object>(address: RedisAddress, waits: Waits) {
  if ('path' in address) return { socket: { ...waits, path: address.path, tls: false as const } };
  const { url, ca } = address;
  if (!url.startsWith('rediss:')) return { url, socket: waits };
  // Said aloud, because a variable of the environment would turn it off for the whole process.
  const tls = { tls: true as const, rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
  return { url, socket: { ...waits, ...tls } };
}
