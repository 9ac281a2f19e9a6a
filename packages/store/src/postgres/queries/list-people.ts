import { installationQuery } from '../query.ts';

/** Somebody in an organization, and what that asks of everybody. */
export type PersonOfOrganization = {
  /** The organization's slug. */
  organization: string;
  email: string;
  role: string;
  hasTwoFactor: boolean;
  /** When they joined, for whom was never active. */
  lastActiveAtMs: number;
  staleDays: number;
  twoFactorRequired: boolean;
};

type Row = {
  organization: string;
  email: string;
  role: string;
  has_two_factor: boolean;
  last_active_at: Date;
  stale_days: number;
  two_factor_required: boolean;
};

/** Everybody who belongs to an organization, owners first. A passkey is two factors: a device, and how it is opened. */
export const listPeople = installationQuery({
  sql: `select o.slug as organization, u.email, m.role,
      coalesce((to_jsonb(u) ->> 'twoFactorEnabled')::boolean, false)
        or exists (select from passkeys p where p.user_id = u.id) as has_two_factor,
      coalesce(a.last_active_at, m.created_at) as last_active_at,
      coalesce(s.stale_days, 90) as stale_days, coalesce(s.two_factor_required, false) as two_factor_required
    from memberships m
    join organizations o on o.id = m.organization_id
    join auth."user" u on u.id = m.user_id
    left join member_activity a on a.organization_id = m.organization_id and a.user_id = m.user_id
    left join sign_in_policies s on s.organization_id = m.organization_id
    order by m.role = 'owner' desc, o.slug, u.email limit $1`,
  values: ({ limit }: { limit: number }) => [limit],
  read: (rows: Row[]): PersonOfOrganization[] =>
    rows.map((row) => ({
      organization: row.organization,
      email: row.email,
      role: row.role,
      hasTwoFactor: row.has_two_factor,
      lastActiveAtMs: row.last_active_at.getTime(),
      staleDays: row.stale_days,
      twoFactorRequired: row.two_factor_required,
    })),
});
