import { endpoints, type Session } from '@app/contract';
import type { OrganizationOfUser, ProjectOfUser, RelationalStore } from '@app/store';
import type { SessionUser } from '../../../identity/create-find-session.ts';
import { rolePermissions } from '../../../identity/role-permissions.ts';
import { findNeed } from '../../../members/find-need.ts';
import { userOperation } from '../operation.ts';

/** The organization that is there from the first start on; whoever owns it runs the installation. */
const OPERATOR_SLUG = 'default';

/** Who is signed in and what they may look at. */
export const getSession = (
  tenants: Pick<RelationalStore['tenants'], 'listProjectsOfUser' | 'listOrganizationsOfUser'>,
) =>
  userOperation({
    endpoint: endpoints.getSession,
    permission: 'signed-in',
    run: async ({ user }) => {
      const [projects, organizations] = await Promise.all([
        tenants.listProjectsOfUser(user.id),
        tenants.listOrganizationsOfUser(user.id),
      ]);
      const { id, name, email, twoFactor, method } = user;
      return {
        user: { id, name, email, two_factor: twoFactor, method: method ?? null },
        organizations: organizations.map((each) => showOrganization(each, user)),
        // What a session cannot open yet is not shown to it either.
        projects: projects.filter(({ policy }) => findNeed(policy, user) === undefined).map(showProject),
      };
    },
  });

type ShownOrganization = NonNullable<Session['organizations']>[number];

function showOrganization(organization: OrganizationOfUser, user: SessionUser): ShownOrganization {
  const { id, slug, name, zone, role, policy } = organization;
  const needs = findNeed(policy, user) ?? null;
  const permissions = needs === null ? [...rolePermissions(role)] : [];
  return { id, slug, name, zone, role, permissions, needs, is_operator: slug === OPERATOR_SLUG };
}

function showProject(project: ProjectOfUser): Session['projects'][number] {
  const { id, slug, name, organization, organizationId, role } = project;
  const permissions = [...rolePermissions(role)];
  return { id, slug, name, organization, organization_id: organizationId, role, permissions };
}
