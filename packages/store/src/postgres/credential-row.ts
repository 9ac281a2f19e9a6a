/** A provider's key as it is kept. Its secret is in `sealed`, which only a server with the master key opens. */
export type StoredCredential = {
  id: string;
  organizationId: string;
  /** Absent for one that all projects of the organization may use. */
  projectId: string | undefined;
  providerId: string;
  name: string;
  /** Exactly one of these two is there. */
  sealed: Buffer | undefined;
  reference: string | undefined;
  /** Where the key may be sent to, as `https://host:port`. */
  origins: readonly string[];
  lastFour: string | undefined;
  weight: number;
  isEnabled: boolean;
  createdAtMs: number;
  createdBy: string | undefined;
  rotatedAtMs: number | undefined;
};

export const credentialColumns = `id, organization_id, project_id, provider_id, name, sealed, reference, origins,
  last_four, weight, enabled, created_at, created_by, rotated_at`;

export type CredentialRow = {
  id: string;
  organization_id: string;
  project_id: string | null;
  provider_id: string;
  name: string;
  sealed: Buffer | null;
  reference: string | null;
  origins: string[];
  last_four: string | null;
  weight: number;
  enabled: boolean;
  created_at: Date;
  created_by: string | null;
  rotated_at: Date | null;
};

export function readCredential(row: CredentialRow): StoredCredential {
  return {
    id: row.id,
    organizationId: row.organization_id,
    projectId: row.project_id ?? undefined,
    providerId: row.provider_id,
    name: row.name,
    sealed: row.sealed ?? undefined,
    reference: row.reference ?? undefined,
    origins: row.origins,
    lastFour: row.last_four ?? undefined,
    weight: row.weight,
    isEnabled: row.enabled,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by ?? undefined,
    rotatedAtMs: row.rotated_at?.getTime(),
  };
}

/** What a write answers: the key as it is now, and the number of the change. */
export function readWrittenCredential(
  row: (CredentialRow & { sequence: string }) | undefined,
): { credential: StoredCredential; sequence: number } | undefined {
  return row === undefined ? undefined : { credential: readCredential(row), sequence: Number(row.sequence) };
}
