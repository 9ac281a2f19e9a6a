import { type Member, type ProjectMember, Role, reaches, strongerRole } from '@app/contract';
import type { StoredMember, StoredProjectMember } from '@app/store';

const DAY_MS = 86_400_000;

/** A member as the REST interface shows one. */
export function showMember(member: StoredMember, now: { nowMs: number; staleDays: number }): Member {
  return {
    user_id: member.userId,
    name: member.name,
    email: member.email,
    role: findRole(member.role) ?? null,
    projects: showRoles(member.projects),
    joined_at: new Date(member.joinedAtMs).toISOString(),
    last_active_at: showTime(member.lastActiveAtMs),
    is_stale: (member.lastActiveAtMs ?? member.joinedAtMs) <= now.nowMs - now.staleDays * DAY_MS,
    two_factor: member.hasTwoFactor,
  };
}

/** Roles in projects; one that is none is not shown as one. */
export function showRoles(projects: StoredMember['projects']): Member['projects'] {
  return projects.flatMap(({ projectId, name, role }) => {
    const shown = findRole(role);
    return shown === undefined ? [] : [{ project_id: projectId, name, role: shown }];
  });
}

export function showProjectMember(member: StoredProjectMember): ProjectMember {
  const { organizationRole, projectRole } = member;
  const role = strongerRole(organizationRole, projectRole) ?? 'member';
  return {
    user_id: member.userId,
    name: member.name,
    email: member.email,
    role,
    by: reaches(organizationRole, role) ? 'organization' : 'project',
    last_active_at: showTime(member.lastActiveAtMs),
  };
}

export function findRole(text: string | undefined): Role | undefined {
  return Role.options.find((role) => role === text);
}

function showTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
