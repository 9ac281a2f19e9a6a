import { organizationQuery } from '../query.ts';

export type ProviderCredential = {
  id: string;
  providerId: string;
  name: string;
  sealed: Buffer;
  createdAtMs: number;
};

type Row = { id: string; provider_id: string; name: string; sealed: Buffer; created_at: Date };

/** The organization's sealed credentials, at most 1,000. */
export const listProviderCredentials = organizationQuery({
  sql: `select id, provider_id, name, sealed, created_at from provider_credentials
    where organization_id = $1 order by provider_id, name limit 1000`,
  values: () => [],
  read: (rows: Row[]): ProviderCredential[] =>
    rows.map((row) => ({
      id: row.id,
      providerId: row.provider_id,
      name: row.name,
      sealed: row.sealed,
      createdAtMs: row.created_at.getTime(),
    })),
});
