import { type CredentialRow, credentialColumns, readCredential } from '../credential-row.ts';
import { organizationQuery } from '../query.ts';

/** One of the organization's keys, whichever project's it is. */
export const findProviderCredential = organizationQuery({
  sql: `select ${credentialColumns} from provider_credentials
    where organization_id = $1 and id = $2 and deleted_at is null`,
  values: (credential: { id: string }) => [credential.id],
  read: ([row]: CredentialRow[]) => (row === undefined ? undefined : readCredential(row)),
});
