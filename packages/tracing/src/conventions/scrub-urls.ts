import type { Json, JsonObject } from '@app/protocol';

/**
 * Attributes with the secrets taken out of their addresses: what stands before the `@` of a host, and the values of query
 * fields that are named like secrets. HTTP instrumentations write whole addresses, signed ones and keys in queries
 * included. The same object when there is nothing to take out; takes about a microsecond.
 */
export function scrubUrls(attributes: JsonObject): JsonObject {
  let scrubbed: JsonObject | undefined;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value !== 'string' || !isAddress(name)) continue;
    const clean = scrub(value, name);
    if (clean === value) continue;
    scrubbed ??= { ...attributes };
    scrubbed[name] = clean satisfies Json;
  }
  return scrubbed ?? attributes;
}

/** `url.full`, `url.query`, `http.url`, `http.target`, `llm.openai.api_base`, `server.address`, `db.connection_string`. */
const NAMED =
  /(^|[._])(url|uri|query|target|api_base|base_url|endpoint|address|referer|location|connection_string)$/i;

const isAddress = (name: string): boolean => name === 'url.full' || NAMED.test(name);

const USERINFO = /^([a-z][a-z\d+.-]{0,30}:\/\/)[^/?#@\s]{0,2000}@/i;

/** Names of query fields whose values open doors: keys, tokens, passwords, signatures. */
const SECRET =
  /^(.{0,60}[-_.])?(key|keys|apikey|api[-_]?key|token|access[-_]?token|id[-_]?token|refresh[-_]?token|secret|client[-_]?secret|password|passwd|pwd|auth|authorization|credential|credentials|session|sessionid|sig|signature|code|jwt|assertion|ticket)$/i;

const TAKEN = 'REDACTED';

function scrub(value: string, name: string): string {
  const address = value.replace(USERINFO, `$1${TAKEN}@`);
  const at =
    name.endsWith('query') && !address.includes('://')
      ? address.startsWith('?')
        ? 0
        : -1
      : address.indexOf('?');
  if (at === -1 && !name.endsWith('query')) return address;
  const [query = '', ...fragment] = address.slice(at + 1).split('#');
  if (!query.includes('=')) return address;
  const fields = query.split('&').map(scrubField).join('&');
  return [address.slice(0, at + 1) + fields, ...fragment].join('#');
}

function scrubField(field: string): string {
  const equals = field.indexOf('=');
  if (equals === -1) return field;
  const name = decoded(field.slice(0, equals));
  return SECRET.test(name) ? `${field.slice(0, equals)}=${TAKEN}` : field;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken escape: the name is read as it stands.
    return name;
  }
}
