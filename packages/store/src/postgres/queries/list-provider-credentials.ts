import { type CredentialRow, credentialColumns, readCredential } from '../credential-row.ts';
import { organizationQuery } from '../query.ts';

/** The keys that a project may use, its own and the organization's, by provider and name; at most 1,000. */
export const listProviderCredentials = organizationQuery({
  sql: `select ${credentialColumns} from provider_credentials
    where organization_id = $1 and (project_id is null or project_id = $2) and deleted_at is null
    order by provider_id, project_id nulls last, name, id limit 1000`,
  values: (credentials: { projectId: string }) => [credentials.projectId],
  read: (rows: CredentialRow[]) => rows.map(readCredential),
});
