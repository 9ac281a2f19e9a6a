import { organizationQuery } from '../query.ts';
import type { StoredSignInPolicy } from '../sign-in-policy-row.ts';

/** Puts a whole policy in the place of the one before, but for its domains. */
export const upsertSignInPolicy = organizationQuery({
  sql: `insert into sign_in_policies (organization_id, required_provider, two_factor_required, stale_days, stale_reminders)
    values ($1, $2, $3, $4, $5)
    on conflict (organization_id) do update set required_provider = excluded.required_provider,
      two_factor_required = excluded.two_factor_required, stale_days = excluded.stale_days,
      stale_reminders = excluded.stale_reminders`,
  values: (policy: Omit<StoredSignInPolicy, 'domains'>) => [
    policy.requiredProvider ?? null,
    policy.twoFactorRequired,
    policy.staleDays,
    policy.staleReminders,
  ],
  read: () => undefined,
});
