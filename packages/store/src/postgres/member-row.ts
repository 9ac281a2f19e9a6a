/** Somebody who belongs to an organization, or to single projects of it (`role` is undefined then). */
export type StoredMember = {
  userId: string;
  name: string;
  email: string;
  role: string | undefined;
  projects: { projectId: string; name: string; role: string }[];
  joinedAtMs: number;
  lastActiveAtMs: number | undefined;
  hasTwoFactor: boolean;
};

export type MemberRow = {
  id: string;
  name: string;
  email: string;
  role: string | null;
  projects: StoredMember['projects'] | null;
  joined_at: Date;
  last_active_at: Date | null;
  two_factor: boolean;
};

/**
 * Members of organization `$1`, with what they are in its projects. Whether the table of accounts knows of a second
 * factor depends on the version of the sign-in library, so that column is asked for as JSON.
 */
export const membersOfOrganization = `select u.id, u.name, u.email, m.role, r.projects,
    coalesce(m.created_at, r.since) as joined_at, a.last_active_at,
    coalesce((to_jsonb(u) ->> 'twoFactorEnabled')::boolean, false) as two_factor
  from (
    select user_id from memberships where organization_id = $1
    union select user_id from project_memberships where organization_id = $1
  ) own
  join auth."user" u on u.id = own.user_id
  left join memberships m on m.organization_id = $1 and m.user_id = u.id
  left join lateral (
    select min(pm.created_at) as since, jsonb_agg(
      jsonb_build_object('projectId', p.id, 'name', p.name, 'role', pm.role) order by p.created_at, p.id
    ) as projects
    from project_memberships pm join projects p on p.id = pm.project_id
    where pm.organization_id = $1 and pm.user_id = u.id
  ) r on true
  left join member_activity a on a.organization_id = $1 and a.user_id = u.id`;

export function readMember(row: MemberRow): StoredMember {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    role: row.role ?? undefined,
    projects: row.projects ?? [],
    joinedAtMs: row.joined_at.getTime(),
    lastActiveAtMs: row.last_active_at?.getTime(),
    hasTwoFactor: row.two_factor,
  };
}
