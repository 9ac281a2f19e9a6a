import { knownProviders } from './known-providers.ts';
import type { Provider } from './provider.ts';
import type { KnownProvider, KnownProviders } from './rows/known-provider.ts';

/** Other names of known providers, as callers may write them, and the one that stands for all. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['gemini', 'google'],
  ['llama', 'meta'],
]);

/**
 * The one name of a known provider to which a caller may bring a key of its own: one with an address of its own that
 * asks for a key. Undefined for every other name.
 */
export function findKeyProvider(name: string, known: KnownProviders = knownProviders): string | undefined {
  const id = ALIASES.get(name) ?? name;
  const row = Object.hasOwn(known, id) ? known[id] : undefined;
  return row !== undefined && takesKey(row) ? id : undefined;
}

/**
 * The known provider whose own origin this row has: a caller's key for that provider may be sent there. Undefined for
 * a row that lies elsewhere, whatever its id says, and for one that signs its requests.
 */
export function findKeyOwner(provider: Provider, known: KnownProviders = knownProviders): string | undefined {
  if (provider.auth.kind === 'aws-sigv4' || provider.auth.kind === 'google-oauth') return undefined;
  const origin = URL.parse(provider.baseUrl)?.origin;
  if (origin === undefined) return undefined;
  const isThere = (id: string) => {
    const row = known[id];
    return row !== undefined && URL.parse(row.baseUrl)?.origin === origin;
  };
  const named = findKeyProvider(provider.kind ?? provider.id, known);
  if (named !== undefined && isThere(named)) return named;
  return Object.keys(known).find((id) => findKeyProvider(id, known) === id && isThere(id));
}

/** A model server of one's own asks for none, and an address with a gap in it is nobody's own. */
function takesKey({ auth, baseUrl }: KnownProvider): boolean {
  return auth !== 'none' && !baseUrl.includes('{');
}
