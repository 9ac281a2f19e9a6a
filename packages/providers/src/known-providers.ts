import { hosts } from './rows/hosts.ts';
import type { KnownProvider, KnownProviders } from './rows/known-provider.ts';
import { localServers } from './rows/local-servers.ts';
import { makers } from './rows/makers.ts';

export type { KnownProvider, KnownProviders } from './rows/known-provider.ts';

/** Providers that a configuration may name by id alone. Adding one that speaks a known dialect is adding a row. */
export const knownProviders: KnownProviders = { ...makers, ...hosts, ...localServers };

/** The row of defaults for this id, if there is one. */
export function findKnownProvider(id: string): KnownProvider | undefined {
  return Object.hasOwn(knownProviders, id) ? knownProviders[id] : undefined;
}

/** The row whose address this is, under whatever id. A server of one's own may be anything. */
export function findKnownAt(baseUrl: string): KnownProvider | undefined {
  return Object.values(knownProviders).find((known) => known.auth !== 'none' && known.baseUrl === baseUrl);
}
