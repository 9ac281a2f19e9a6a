import type { DialectId, Paths } from '@app/protocol';
import { authFor } from './auth/auth-for.ts';
import { findKnownAt, findKnownProvider, type KnownProvider } from './known-providers.ts';
import type { Provider, Way } from './provider.ts';
import type { Quirks } from './quirks.ts';
import type { Secret } from './secret.ts';

export type ProviderOptions = {
  id: string;
  /** The known provider that it is, where the id is a name of the operator's own. */
  kind?: string | undefined;
  /** May be left out for a known provider. */
  dialect?: DialectId | undefined;
  /** May be left out for a known provider. Must hold the version part, for example `/v1`. */
  baseUrl?: string | undefined;
  /** Without one, requests carry no credential (a model server of one's own). */
  secret?: Secret | undefined;
  headers?: { [name: string]: string } | undefined;
};

/**
 * The row of a provider: what its id implies, overridden by what is given. A row that names its dialect speaks only that;
 * one that has a base URL of its own keeps the ways that lie under it.
 * Throws an `Error` whose sentence is for the operator when the row would be incomplete.
 */
export function providerRow(options: ProviderOptions): Provider {
  const { id } = options;
  const known =
    findKnownProvider(options.kind ?? id) ?? findKnownAt(options.baseUrl?.replace(/\/+$/, '') ?? '');
  const dialect = options.dialect ?? known?.dialect;
  if (dialect === undefined) throw new Error(`Provider "${id}" is not a known one: name its dialect.`);
  const main = known?.dialect === dialect ? known : known?.also?.find((way) => way.dialect === dialect);
  // A key must never travel to a host that was guessed, so an unknown provider has no default address.
  const baseUrl = options.baseUrl ?? main?.baseUrl ?? known?.baseUrl;
  if (baseUrl === undefined) throw new Error(`Provider "${id}" is not a known one: give its base URL.`);
  const row = rowOf({ ...options, baseUrl }, { dialect, known, differences: main ?? {} });
  const ways = options.dialect === undefined ? waysOf(options, row, known) : [];
  return ways.length === 0 ? row : { ...row, also: ways };
}

type RowFacts = {
  dialect: DialectId;
  known: KnownProvider | undefined;
  differences: { quirks?: Quirks; paths?: Paths };
};

function rowOf(
  { id, baseUrl, secret, headers }: ProviderOptions & { baseUrl: string },
  { dialect, known, differences: { quirks, paths } }: RowFacts,
): Provider {
  return {
    id,
    dialect,
    baseUrl: normalBaseUrl(id, baseUrl),
    auth: authFor(dialect, secret, known),
    headers: { ...dialectHeaders[dialect], ...headers },
    ...(quirks === undefined ? {} : { quirks }),
    ...(paths === undefined ? {} : { paths }),
  };
}

function waysOf(options: ProviderOptions, row: Provider, known: KnownProvider | undefined): Way[] {
  return (known?.also ?? []).flatMap((way): Way[] => {
    // Whoever moved the provider did not say where its other addresses are.
    if (way.baseUrl !== undefined && options.baseUrl !== undefined) return [];
    const { dialect, models, isRequired, isPreferred } = way;
    const baseUrl = way.baseUrl ?? row.baseUrl;
    return [
      {
        provider: rowOf({ ...options, baseUrl }, { dialect, known, differences: way }),
        ...(models === undefined ? {} : { models }),
        ...(isRequired === undefined ? {} : { isRequired }),
        ...(isPreferred === undefined ? {} : { isPreferred }),
      },
    ];
  });
}

/** https://docs.anthropic.com/en/api/versioning: every request names the version of the API it was written for. */
const dialectHeaders: { [id in DialectId]?: { [name: string]: string } } = {
  'anthropic-messages': { 'anthropic-version': '2023-06-01' },
};

function normalBaseUrl(id: string, text: string): string {
  if (text.includes('{'))
    throw new Error(`Provider "${id}" has an address of your own: give its base URL, ${text}.`);
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`The base URL of provider "${id}" must start with http:// or https://.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Error(`The base URL of provider "${id}" must hold no credential, query or fragment.`);
  }
  return url.href.replace(/\/+$/, '');
}
