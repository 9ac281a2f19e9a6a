import { isIP } from 'node:net';

/** For whom passkeys are made: a name, and the one origin whose pages may ask for them. */
export type RelyingParty = { id: string; origin: string };

/** Undefined where browsers make no passkeys: for bare addresses, and without TLS anywhere but on this machine. */
export function findRelyingParty(origin: string | undefined): RelyingParty | undefined {
  if (origin === undefined) return undefined;
  const { hostname, protocol } = new URL(origin);
  if (isIP(hostname) !== 0 || hostname.startsWith('[')) return undefined;
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'https:' || isLocal ? { id: hostname, origin } : undefined;
}
