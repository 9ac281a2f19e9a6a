import type { IncomingHttpHeaders } from 'node:http';

/** The password of `Authorization: Basic`; the name before it is nobody's. Undefined for whatever is not that. */
export function findBasicSecret({ authorization }: IncomingHttpHeaders): string | undefined {
  const [, encoded] = BASIC.exec(authorization ?? '') ?? [];
  if (encoded === undefined || encoded.length > ENCODED_CHARS_MAX) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

const BASIC = /^basic +([a-z0-9+/_-]+={0,2}) *$/i;
/** A name and a key, and room to spare. */
const ENCODED_CHARS_MAX = 1_024;
