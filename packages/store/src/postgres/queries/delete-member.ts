import { organizationQuery } from '../query.ts';

/**
 * Takes all roles that somebody has in the organization and its projects, and remembers that they were taken. False when
 * they had none. Rejects for the last owner.
 */
export const deleteMember = organizationQuery({
  sql: `with roles as (
      delete from memberships where organization_id = $1 and user_id = $2 returning user_id
    ), project_roles as (
      delete from project_memberships where organization_id = $1 and user_id = $2 returning user_id
    ), activity as (
      delete from member_activity where organization_id = $1 and user_id = $2
    ), remembered as (
      insert into removed_members (organization_id, email, removed_at) values ($1, lower($3), $4)
      on conflict (organization_id, email) do update set removed_at = excluded.removed_at
    )
    select user_id from roles union select user_id from project_roles`,
  values: (member: { userId: string; email: string; nowMs: number }) => [
    member.userId,
    member.email,
    new Date(member.nowMs),
  ],
  read: (rows) => rows.length > 0,
});
