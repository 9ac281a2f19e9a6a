import { endpoints } from '@app/contract';
import type { Tenancy } from '../../../tenancy/create-tenancy.ts';
import { type Operation, organizationOperation, projectOperation } from '../operation.ts';

/** Projects: listed and made by the people of an organization, read and changed by whoever is let into one. */
export function projectOperations(tenancy: Tenancy): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.listProjects,
      permission: 'keys:read',
      run: async ({ organization }) => ({
        data: await tenancy.listProjects(organization.id),
        next_cursor: null,
      }),
    }),
    organizationOperation({
      endpoint: endpoints.createProject,
      permission: 'settings:write',
      run: ({ organization, body }) => tenancy.createProject(organization.id, body),
    }),
    projectOperation({
      endpoint: endpoints.getProject,
      permission: 'keys:read',
      run: ({ project }) => tenancy.getProject(project),
    }),
    projectOperation({
      endpoint: endpoints.updateProject,
      permission: 'settings:write',
      run: ({ project, body }) => tenancy.changeProject(project.id, body),
    }),
  ];
}
