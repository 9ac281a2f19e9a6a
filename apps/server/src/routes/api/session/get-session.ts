import { endpoints } from '@app/contract';
import type { RelationalStore } from '@app/store';
import { rolePermissions } from '../../../identity/role-permissions.ts';
import { userOperation } from '../operation.ts';

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
      return {
        user: { id: user.id, name: user.name, email: user.email },
        organizations: organizations.map(({ id, slug, name, zone, role }) => ({
          id,
          slug,
          name,
          zone,
          role,
          permissions: [...rolePermissions(role)],
        })),
        projects: projects.map(({ id, slug, name, organization, organizationId }) => ({
          id,
          slug,
          name,
          organization,
          organization_id: organizationId,
        })),
      };
    },
  });
