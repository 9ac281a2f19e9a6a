import type { DialectId } from '@app/protocol';
import { findKnownProvider } from './known-providers.ts';
import type { Auth, Provider } from './provider.ts';
import type { Secret } from './secret.ts';

export type ProviderOptions = {
  id: string;
  /** May be left out for a known provider. */
  dialect?: DialectId | undefined;
  /** May be left out for a known provider. Must hold the version part, for example `/v1`. */
  baseUrl?: string | undefined;
  /** Without one, requests carry no credential (a model server of one's own). */
  secret?: Secret | undefined;
  headers?: { [name: string]: string } | undefined;
};

/**
 * The row of a provider: what its id implies, overridden by what is given.
 * Throws an `Error` whose sentence is for the operator when the row would be incomplete.
 */
export function providerRow(options: ProviderOptions): Provider {
  const known = findKnownProvider(options.id);
  const dialect = options.dialect ?? known?.dialect;
  if (dialect === undefined)
    throw new Error(`Provider "${options.id}" is not a known one: name its dialect.`);
  // A key must never travel to a host that was guessed, so an unknown provider has no default address.
  const baseUrl = options.baseUrl ?? known?.baseUrl;
  if (baseUrl === undefined)
    throw new Error(`Provider "${options.id}" is not a known one: give its base URL.`);
  return {
    id: options.id,
    dialect,
    baseUrl: normalBaseUrl(options.id, baseUrl),
    auth: authOf(dialect, options.secret),
    headers: { ...dialectHeaders[dialect], ...options.headers },
  };
}

/** https://docs.anthropic.com/en/api/versioning: every request names the version of the API it was written for. */
const dialectHeaders: { [id in DialectId]?: { [name: string]: string } } = {
  'anthropic-messages': { 'anthropic-version': '2023-06-01' },
};

function authOf(dialect: DialectId, secret: Secret | undefined): Auth {
  if (secret === undefined) return { kind: 'none' };
  return dialect === 'anthropic-messages'
    ? { kind: 'header', name: 'x-api-key', secret }
    : { kind: 'bearer', secret };
}

function normalBaseUrl(id: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`The base URL of provider "${id}" must start with http:// or https://.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Error(`The base URL of provider "${id}" must hold no credential, query or fragment.`);
  }
  return url.href.replace(/\/+$/, '');
}
