import { organizationQuery } from '../query.ts';

export type InsertProviderCredential = {
  id: string;
  providerId: string;
  name: string;
  /** AES-256-GCM with the row's identity as associated data; only the caller can open it. */
  sealed: Buffer;
  createdAtMs: number;
  createdBy: string | undefined;
};

/** False when the organization has a credential of this provider and name, or the id is taken. */
export const insertProviderCredential = organizationQuery({
  sql: `insert into provider_credentials (organization_id, id, provider_id, name, sealed, created_at, created_by)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id`,
  values: (credential: InsertProviderCredential) => [
    credential.id,
    credential.providerId,
    credential.name,
    credential.sealed,
    new Date(credential.createdAtMs),
    credential.createdBy,
  ],
  read: (rows) => rows.length === 1,
});
