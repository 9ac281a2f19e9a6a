import { installationQuery } from '../query.ts';

export type ClaimMemberReminders = { nowMs: number; everyMs: number; limit: number };

export type MemberReminder = {
  organizationId: string;
  organization: string;
  staleDays: number;
  /** Whom to tell. */
  owners: string[];
  stale: { name: string; email: string; lastActiveAtMs: number | undefined }[];
};

type Row = {
  organization_id: string;
  organization: string;
  stale_days: number;
  owners: string[];
  stale: { name: string; email: string; last_active_at: number | null }[];
};

/**
 * Organizations with members who were not active for long, about which nobody was reminded for `everyMs`; that they are
 * now is remembered in the same statement. One server at a time finds any.
 */
export const claimMemberReminders = installationQuery({
  sql: `with turn as materialized (
      select pg_try_advisory_xact_lock(7261, 12) as is_ours
    ), people as (
      select organization_id, user_id, min(created_at) as joined_at, bool_or(role = 'owner' and is_organization) as owns
      from (
        select organization_id, user_id, role, created_at, true as is_organization from memberships
        union all select organization_id, user_id, role, created_at, false from project_memberships
      ) roles group by organization_id, user_id
    ), due as (
      select o.id, o.name, coalesce(s.stale_days, 90) as stale_days
      from turn join organizations o on turn.is_ours left join sign_in_policies s on s.organization_id = o.id
      where coalesce(s.stale_reminders, true)
        and (s.reminded_at is null or s.reminded_at <= $1::timestamptz - $2 * interval '1 millisecond')
    ), found as (
      select due.id, due.name, due.stale_days, jsonb_agg(jsonb_build_object(
        'name', u.name, 'email', u.email, 'last_active_at', extract(epoch from a.last_active_at) * 1000
      ) order by coalesce(a.last_active_at, p.joined_at), u.id) as stale
      from due join people p on p.organization_id = due.id join auth."user" u on u.id = p.user_id
      left join member_activity a on a.organization_id = due.id and a.user_id = p.user_id
      where coalesce(a.last_active_at, p.joined_at) <= $1::timestamptz - due.stale_days * interval '1 day'
      group by due.id, due.name, due.stale_days order by due.id limit $3
    ), claimed as (
      insert into sign_in_policies (organization_id, reminded_at) select id, $1 from found
      on conflict (organization_id) do update set reminded_at = excluded.reminded_at
        where sign_in_policies.reminded_at is null
          or sign_in_policies.reminded_at <= $1::timestamptz - $2 * interval '1 millisecond'
      returning organization_id
    )
    select f.id as organization_id, f.name as organization, f.stale_days, f.stale, array(
      select u.email from people p join auth."user" u on u.id = p.user_id
      where p.organization_id = f.id and p.owns order by u.email limit 20
    ) as owners
    from found f join claimed c on c.organization_id = f.id`,
  values: ({ nowMs, everyMs, limit }: ClaimMemberReminders) => [new Date(nowMs), everyMs, limit],
  read: (rows: Row[]): MemberReminder[] =>
    rows.map((row) => ({
      organizationId: row.organization_id,
      organization: row.organization,
      staleDays: row.stale_days,
      owners: row.owners,
      stale: row.stale.map(({ name, email, last_active_at }) => ({
        name,
        email,
        lastActiveAtMs: last_active_at ?? undefined,
      })),
    })),
});
