import { organizationQuery } from '../query.ts';

/** Takes all rules about domains from an organization. */
export const deleteSignInDomains = organizationQuery({
  sql: 'delete from sign_in_domains where organization_id = $1',
  values: () => [],
  read: () => undefined,
});
