import { installationQuery } from '../query.ts';

export type MemberActivity = { organizationId: string; userId: string; atMs: number };

/**
 * Notes when people were last active where, many at a time, in one order so that two servers cannot block each other. An
 * older time never replaces a newer one, and whoever was removed meanwhile is left out.
 */
export const touchMemberActivity = installationQuery({
  sql: `insert into member_activity (organization_id, user_id, last_active_at)
    select a.organization_id, a.user_id, max(a.at)
    from unnest($1::text[], $2::text[], $3::timestamptz[]) as a (organization_id, user_id, at)
    where exists (select from memberships m where m.organization_id = a.organization_id and m.user_id = a.user_id)
      or exists (
        select from project_memberships p where p.organization_id = a.organization_id and p.user_id = a.user_id
      )
    group by a.organization_id, a.user_id order by a.organization_id, a.user_id
    on conflict (organization_id, user_id) do update set last_active_at = excluded.last_active_at
      where member_activity.last_active_at < excluded.last_active_at`,
  values: (all: readonly MemberActivity[]) => [
    all.map(({ organizationId }) => organizationId),
    all.map(({ userId }) => userId),
    all.map(({ atMs }) => new Date(atMs)),
  ],
  read: () => undefined,
});
