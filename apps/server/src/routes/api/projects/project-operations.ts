import { endpoints } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { Tenancy } from '../../../tenancy/create-tenancy.ts';
import { madeTarget } from '../name-target.ts';
import { type Actor, type Operation, organizationOperation, projectOperation } from '../operation.ts';

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
      audit: { action: 'project.create', target: madeTarget('project') },
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
      audit: {
        action: 'project.change',
        target: ({ project }, changed) => ({
          kind: 'project',
          id: project.id,
          name: changed?.name ?? null,
        }),
        before: ({ project }) => tenancy.getProject(project),
      },
      run: ({ project, body, actor }) => {
        refuseTestKey(actor);
        return tenancy.changeProject(project.id, body);
      },
    }),
  ];
}

/** What a test key does stays in test mode: one that leaked cannot end what production keeps of its calls. */
function refuseTestKey({ mode }: Actor): void {
  if (mode !== 'test') return;
  const message = 'A test key cannot change a project, because that holds for live calls. Use a live key.';
  throw new GatewayError('insufficient_permissions', message, { retryable: false });
}
