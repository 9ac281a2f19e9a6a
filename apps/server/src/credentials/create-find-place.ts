import {
  findKeyOwner,
  findKeyProvider,
  knownProviders,
  type Provider,
  providerRow,
  Secret,
} from '@app/providers';

/** Where a key of a provider would go. */
export type ProviderPlace = {
  /** How the provider is reached; whatever secret is in it is not the key's. */
  row: Provider;
  /** Every origin of the row and of its other ways, sorted. */
  origins: readonly string[];
  /** False for a known provider that only those reach who have a key of their own. */
  isConfigured: boolean;
};

type FoundPlace = { ok: true; place: ProviderPlace } | { ok: false; problem: string };

export type FindPlace = (providerId: string) => FoundPlace;

export type FindPlaceDeps = {
  /** The operator's rows. */
  configured: readonly Provider[];
  /** Whether keys may be stored for known providers of which the operator has no row. */
  withKnown: boolean;
};

/** Stands where the key will: it shows how that travels. */
const PLACEHOLDER = new Secret('a-key-that-is-stored');

/** The operator's rows by their ids, then known providers. One that the operator has under another id has only that. */
export function createFindPlace({ configured, withKnown }: FindPlaceDeps): FindPlace {
  const places = new Map<string, ProviderPlace>();
  for (const row of configured) places.set(row.id, placeOf(row, true));
  const nameOfKnown = new Map<string, string>();
  for (const row of configured) {
    for (const id of [findKeyProvider(row.kind ?? row.id), findKeyOwner(row)]) {
      if (id !== undefined) nameOfKnown.set(id, row.id);
    }
  }
  return (providerId) => {
    const found = places.get(providerId);
    if (found !== undefined) return { ok: true, place: found };
    const isKnown = withKnown && findKeyProvider(providerId) === providerId;
    const other = nameOfKnown.get(providerId);
    if (other !== undefined) return fail(providerId, `it is configured here as "${other}"`);
    if (!isKnown) return fail(providerId, 'it is not configured here');
    const place = placeOf(rowOfKnown(providerId), false);
    places.set(providerId, place);
    return { ok: true, place };
  };
}

function fail(providerId: string, why: string): FoundPlace {
  return { ok: false, problem: `No key can be kept for the provider "${providerId.slice(0, 64)}": ${why}.` };
}

function rowOfKnown(id: string): Provider {
  const row = providerRow({ id, secret: PLACEHOLDER });
  const baseUrl = knownProviders[id]?.baseUrl;
  return baseUrl === undefined || baseUrl === row.baseUrl
    ? row
    : providerRow({ id, secret: PLACEHOLDER, baseUrl });
}

function placeOf(row: Provider, isConfigured: boolean): ProviderPlace {
  return { row, origins: [...new Set(originsOf(row))].sort(), isConfigured };
}

function originsOf({ baseUrl, also = [] }: Provider): string[] {
  const origin = URL.parse(baseUrl)?.origin;
  return [...(origin === undefined ? [] : [origin]), ...also.flatMap((way) => originsOf(way.provider))];
}
