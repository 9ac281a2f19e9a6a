import { TokentraceConfigError } from './config-error.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The URL that batches are posted to. Throws for what is not HTTPS, except a loopback address with
 * `allowInsecureLoopback`, and for an address with a user, password, query or fragment: a key belongs in its header.
 */
export function readEndpoint(endpoint: string, allowInsecureLoopback: boolean): string {
  const url = parseUrl(endpoint);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TokentraceConfigError('endpoint: must have no user, password, query or fragment');
  if (url.protocol === 'http:') refuseInsecure(url, allowInsecureLoopback);
  else if (url.protocol !== 'https:') throw new TokentraceConfigError('endpoint: must start with https://');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1/ingest`;
}

function parseUrl(endpoint: string): URL {
  try {
    return new URL(endpoint);
  } catch {
    throw new TokentraceConfigError('endpoint: is not a URL, such as https://traces.example.com');
  }
}

function refuseInsecure(url: URL, allowInsecureLoopback: boolean): void {
  if (!LOOPBACK.test(url.hostname))
    throw new TokentraceConfigError('endpoint: must start with https://, traces are not sent in the clear');
  if (!allowInsecureLoopback)
    throw new TokentraceConfigError(
      'endpoint: must start with https://; for http:// on this machine say allowInsecureLoopback: true',
    );
}
