import type { IncomingHttpHeaders } from 'node:http';

/**
 * The key that a request presents: `Authorization: Bearer`, else what SDKs that cannot send it use instead.
 * Never from the URL, which ends up in logs and histories.
 */
export function findSecret(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined && BEARER.test(authorization)) {
    return authorization.slice('Bearer '.length).trim();
  }
  return single(headers['x-api-key']) ?? single(headers['x-goog-api-key']);
}

const BEARER = /^bearer /i;

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
