import { installationQuery } from '../query.ts';

export type DomainRule = { organizationId: string; role: string };

/** Whom a provider's people of that domain belong to; undefined when to nobody, or when somebody removed this one. */
export const findDomainRule = installationQuery({
  sql: `select d.organization_id, d.role from sign_in_domains d
    where d.domain = $1 and d.provider = $2 and not exists (
      select from removed_members r where r.organization_id = d.organization_id and r.email = lower($3)
    )`,
  values: (person: { domain: string; provider: string; email: string }) => [
    person.domain,
    person.provider,
    person.email,
  ],
  read: ([row]: { organization_id: string; role: string }[]): DomainRule | undefined =>
    row === undefined ? undefined : { organizationId: row.organization_id, role: row.role },
});
