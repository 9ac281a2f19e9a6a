import { endpoints } from '@app/contract';
import type { RelationalStore } from '@app/store';
import { showOrganization, type Tenancy } from '../../../tenancy/create-tenancy.ts';
import { madeTarget } from '../name-target.ts';
import { type Operation, organizationOperation, userOperation } from '../operation.ts';

export type OrganizationOperationDeps = {
  tenancy: Tenancy;
  tenants: Pick<RelationalStore['tenants'], 'listOrganizationsOfUser'>;
};

/** Organizations, for the people who belong to them. */
export function organizationOperations({ tenancy, tenants }: OrganizationOperationDeps): Operation[] {
  return [
    userOperation({
      endpoint: endpoints.listOrganizations,
      permission: 'signed-in',
      run: async ({ user }) => {
        const own = await tenants.listOrganizationsOfUser(user.id);
        return {
          // Whoever belongs to single projects sees those, and of the organization its name in the session.
          data: own
            .filter(({ role }) => role !== 'none')
            .map((each) => ({ ...showOrganization(each), role: each.role })),
          next_cursor: null,
        };
      },
    }),
    userOperation({
      endpoint: endpoints.createOrganization,
      permission: 'signed-in',
      audit: {
        action: 'organization.create',
        target: madeTarget('organization'),
        organization: (_input, made) => made?.id,
      },
      run: ({ user, body }) => tenancy.createOwn(user.id, body),
    }),
    organizationOperation({
      endpoint: endpoints.getOrganization,
      permission: 'keys:read',
      run: async ({ organization }) => showOrganization(organization),
    }),
    organizationOperation({
      endpoint: endpoints.updateOrganization,
      permission: 'settings:write',
      audit: {
        action: 'organization.change',
        target: ({ organization }) => ({
          kind: 'organization',
          id: organization.id,
          name: organization.name,
        }),
        before: async ({ organization }) => showOrganization(organization),
      },
      run: ({ organization, body }) => tenancy.change(organization.id, body),
    }),
  ];
}
