import { type CredentialRow, credentialColumns, readWrittenCredential } from '../credential-row.ts';
import { organizationQuery } from '../query.ts';

/**
 * Ends a key and throws its secret away at once; `undefined` when the organization has no such key. The rest of its row
 * stays for a week, so that servers hear of its end; what is older goes now.
 */
export const deleteProviderCredential = organizationQuery({
  sql: `with old as (
      delete from provider_credentials where organization_id = $1 and deleted_at < $3::timestamptz - interval '7 days'
    )
    update provider_credentials set deleted_at = $3, sealed = null, reference = null, last_four = null
    where organization_id = $1 and id = $2 and deleted_at is null
    returning ${credentialColumns}, sequence`,
  values: (credential: { id: string; deletedAtMs: number }) => [
    credential.id,
    new Date(credential.deletedAtMs),
  ],
  read: ([row]: (CredentialRow & { sequence: string })[]) => readWrittenCredential(row),
});
