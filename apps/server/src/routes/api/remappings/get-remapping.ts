import { endpoints } from '@app/contract';
import type { Remappings } from '../../../remappings/create-remappings.ts';
import { projectOperation } from '../operation.ts';

/** Where a re-mapping stands. */
export const getRemapping = (remappings: Remappings) =>
  projectOperation({
    endpoint: endpoints.getRemapping,
    permission: 'analytics:read',
    run: ({ project, params }) => remappings.get(project.id, params.id),
  });
