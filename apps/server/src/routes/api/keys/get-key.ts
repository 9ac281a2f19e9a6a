import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { projectOperation } from '../operation.ts';

/** One key. */
export const getKey = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.getKey,
    permission: 'keys:read',
    run: ({ project, params }) => keys.get(project.id, params.id),
  });
