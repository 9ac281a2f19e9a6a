import { organizationQuery } from '../query.ts';
import { readSignInPolicy, type SignInPolicyRow } from '../sign-in-policy-row.ts';

/** The organization's policy; what every organization begins with where nobody changed it. */
export const findSignInPolicy = organizationQuery({
  sql: `select s.required_provider, s.two_factor_required, s.stale_days, s.stale_reminders, (
      select jsonb_agg(
        jsonb_build_object('domain', d.domain, 'provider', d.provider, 'role', d.role) order by d.domain, d.provider
      ) from sign_in_domains d where d.organization_id = $1
    ) as domains
    from (select 1) one left join sign_in_policies s on s.organization_id = $1`,
  values: () => [],
  read: ([row]: SignInPolicyRow[]) => readSignInPolicy(row),
});
