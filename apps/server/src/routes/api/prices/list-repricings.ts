import { endpoints } from '@app/contract';
import type { Repricings } from '../../../prices/create-repricings.ts';
import { projectOperation } from '../operation.ts';

/** What was priced again in a project, newest first. */
export const listRepricings = (repricings: Repricings) =>
  projectOperation({
    endpoint: endpoints.listRepricings,
    permission: 'analytics:read',
    run: async ({ project }) => ({ data: await repricings.list(project.id) }),
  });
