import { organizationQuery } from '../query.ts';
import type { SignInDomain } from '../sign-in-policy-row.ts';

/** False when the pair of domain and provider is another rule's already, be it of another organization. */
export const insertSignInDomain = organizationQuery({
  sql: `insert into sign_in_domains (organization_id, domain, provider, role) values ($1, $2, $3, $4)
    on conflict (domain, provider) do nothing returning domain`,
  values: ({ domain, provider, role }: SignInDomain) => [domain, provider, role],
  read: (rows) => rows.length === 1,
});
