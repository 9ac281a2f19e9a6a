import { organizationQuery } from '../query.ts';

/** False when the organization has no such credential. */
export const deleteProviderCredential = organizationQuery({
  sql: 'delete from provider_credentials where organization_id = $1 and id = $2 returning id',
  values: (credential: { id: string }) => [credential.id],
  read: (rows) => rows.length === 1,
});
