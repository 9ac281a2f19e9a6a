import { type CredentialRow, credentialColumns, readWrittenCredential } from '../credential-row.ts';
import { organizationQuery } from '../query.ts';

/** What is absent stays as it is. */
export type UpdateProviderCredential = {
  id: string;
  name?: string | undefined;
  weight?: number | undefined;
  isEnabled?: boolean | undefined;
  /** A new secret, sealed or behind a reference, with where it may be sent to. */
  secret?:
    | {
        sealed?: Buffer | undefined;
        reference?: string | undefined;
        origins: readonly string[];
        lastFour?: string | undefined;
        rotatedAtMs: number;
      }
    | undefined;
};

/** `undefined` when the organization has no such key. Throws `StoreError` `conflict` when the name is taken. */
export const updateProviderCredential = organizationQuery({
  sql: `update provider_credentials set
      name = coalesce($3, name),
      weight = coalesce($4, weight),
      enabled = coalesce($5, enabled),
      sealed = case when $6 then $7 else sealed end,
      reference = case when $6 then $8 else reference end,
      origins = case when $6 then $9 else origins end,
      last_four = case when $6 then $10 else last_four end,
      rotated_at = case when $6 then $11 else rotated_at end
    where organization_id = $1 and id = $2 and deleted_at is null
    returning ${credentialColumns}, sequence`,
  values: ({ secret, ...change }: UpdateProviderCredential) => [
    change.id,
    change.name,
    change.weight,
    change.isEnabled,
    secret !== undefined,
    secret?.sealed,
    secret?.reference,
    secret?.origins ?? [],
    secret?.lastFour,
    secret === undefined ? undefined : new Date(secret.rotatedAtMs),
  ],
  read: ([row]: (CredentialRow & { sequence: string })[]) => readWrittenCredential(row),
});
