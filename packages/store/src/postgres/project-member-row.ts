/** Somebody who is let into a project, by their role in its organization, their role in it, or both. */
export type StoredProjectMember = {
  userId: string;
  name: string;
  email: string;
  organizationRole: string | undefined;
  projectRole: string | undefined;
  lastActiveAtMs: number | undefined;
};

export type ProjectMemberRow = {
  id: string;
  name: string;
  email: string;
  organization_role: string | null;
  project_role: string | null;
  last_active_at: Date | null;
};

/** Members of project `$1`. */
export const membersOfProject = `select u.id, u.name, u.email, m.role as organization_role, pm.role as project_role,
    a.last_active_at
  from (select organization_id from projects where id = $1) o
  join lateral (
    select user_id from memberships where organization_id = o.organization_id
    union select user_id from project_memberships where project_id = $1
  ) own on true
  join auth."user" u on u.id = own.user_id
  left join memberships m on m.organization_id = o.organization_id and m.user_id = u.id
  left join project_memberships pm on pm.project_id = $1 and pm.user_id = u.id
  left join member_activity a on a.organization_id = o.organization_id and a.user_id = u.id`;

export function readProjectMember(row: ProjectMemberRow): StoredProjectMember {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    organizationRole: row.organization_role ?? undefined,
    projectRole: row.project_role ?? undefined,
    lastActiveAtMs: row.last_active_at?.getTime(),
  };
}
