import { strongerRole } from '@app/contract';
import { type Organization, type OrganizationRow, readOrganization } from './organization-row.ts';
import { type Project, type ProjectRow, readProject } from './project-row.ts';

/** How people have to have signed in for an organization to be open to them. */
export type AccessPolicy = {
  /** The id of a provider. */
  requiredProvider: string | undefined;
  twoFactorRequired: boolean;
};

type PolicyRow = { required_provider: string | null; two_factor_required: boolean | null };

/** `role` is `none` for somebody who belongs to single projects only. */
export type OrganizationOfUser = Organization & { role: string; policy: AccessPolicy };

export type OrganizationOfUserRow = OrganizationRow & PolicyRow & { role: string | null };

export function readOrganizationOfUser(row: OrganizationOfUserRow): OrganizationOfUser {
  return { ...readOrganization(row), role: row.role ?? 'none', policy: readPolicy(row) };
}

export type ProjectOfUser = Project & {
  /** The organization's name. */
  organization: string;
  /** The stronger of the role in the organization and the role in the project. */
  role: string;
  policy: AccessPolicy;
};

export type ProjectOfUserRow = ProjectRow &
  PolicyRow & { organization: string; organization_role: string | null; project_role: string | null };

/** Projects that user `$1` is let into; what follows may narrow `p` and sort. */
export const projectsOfUser = `select p.id, p.organization_id, p.slug, p.name, p.capture, o.name as organization,
    m.role as organization_role, pm.role as project_role, s.required_provider, s.two_factor_required
  from (
    select p.id from memberships m join projects p on p.organization_id = m.organization_id where m.user_id = $1
    union select project_id from project_memberships where user_id = $1
  ) own
  join projects p on p.id = own.id
  join organizations o on o.id = p.organization_id
  left join memberships m on m.organization_id = o.id and m.user_id = $1
  left join project_memberships pm on pm.project_id = p.id and pm.user_id = $1
  left join sign_in_policies s on s.organization_id = o.id`;

export function readProjectOfUser(row: ProjectOfUserRow): ProjectOfUser {
  return {
    ...readProject(row),
    organization: row.organization,
    role: strongerRole(row.organization_role, row.project_role) ?? 'none',
    policy: readPolicy(row),
  };
}

function readPolicy(row: PolicyRow): AccessPolicy {
  return {
    requiredProvider: row.required_provider ?? undefined,
    twoFactorRequired: row.two_factor_required ?? false,
  };
}
