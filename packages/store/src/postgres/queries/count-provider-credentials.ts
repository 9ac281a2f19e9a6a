import { organizationQuery } from '../query.ts';

/** How many keys the organization and its projects have. */
export const countProviderCredentials = organizationQuery({
  sql: 'select count(*) as count from provider_credentials where organization_id = $1 and deleted_at is null',
  values: () => [],
  read: ([row]: { count: string }[]) => Number(row?.count ?? 0),
});
