import { type CredentialRow, credentialColumns, readWrittenCredential } from '../credential-row.ts';
import { organizationQuery } from '../query.ts';

export type InsertProviderCredential = {
  id: string;
  /** Absent for one that all projects of the organization may use. */
  projectId?: string | undefined;
  providerId: string;
  name: string;
  /** AES-256-GCM with the row's identity as associated data; only the caller can open it. */
  sealed?: Buffer | undefined;
  /** The name of a reference, instead of `sealed`. */
  reference?: string | undefined;
  origins: readonly string[];
  lastFour?: string | undefined;
  weight: number;
  createdAtMs: number;
  createdBy: string | undefined;
};

/** `undefined` when there is one of this provider and name already, or the id is taken. */
export const insertProviderCredential = organizationQuery({
  sql: `insert into provider_credentials (organization_id, id, project_id, provider_id, name, sealed, reference, origins,
      last_four, weight, created_at, created_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing
    returning ${credentialColumns}, sequence`,
  values: (credential: InsertProviderCredential) => [
    credential.id,
    credential.projectId,
    credential.providerId,
    credential.name,
    credential.sealed,
    credential.reference,
    credential.origins,
    credential.lastFour,
    credential.weight,
    new Date(credential.createdAtMs),
    credential.createdBy,
  ],
  read: ([row]: (CredentialRow & { sequence: string })[]) => readWrittenCredential(row),
});
