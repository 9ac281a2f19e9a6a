import { endpoints } from '@app/contract';
import type { Remappings } from '../../../remappings/create-remappings.ts';
import { projectOperation } from '../operation.ts';

/** What was read anew in a project, newest first. */
export const listRemappings = (remappings: Remappings) =>
  projectOperation({
    endpoint: endpoints.listRemappings,
    permission: 'analytics:read',
    run: async ({ project }) => ({ data: await remappings.list(project.id) }),
  });
