import { installationQuery } from '../query.ts';

/** The number of the newest committed change of a provider's key; 0 when there is none. Older ones are committed too. */
export const findCredentialSequence = installationQuery({
  sql: 'select coalesce(max(sequence), 0) as sequence from provider_credentials',
  values: () => [],
  read: ([row]: { sequence: string }[]) => Number(row?.sequence ?? 0),
});
