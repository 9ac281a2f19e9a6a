import { endpoints } from '@app/contract';
import type { Keys } from '../../../keys/create-keys.ts';
import { projectOperation } from '../operation.ts';

/** The keys of a project, newest first. */
export const listKeys = (keys: Keys) =>
  projectOperation({
    endpoint: endpoints.listKeys,
    permission: 'keys:read',
    run: ({ project, query }) => keys.list(project.id, query),
  });
