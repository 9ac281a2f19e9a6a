import { endpoints } from '@app/contract';
import type { Store } from '@app/store';
import { projectOperation } from '../operation.ts';

/** The calls of a project, newest first. */
export const listTraces = (traces: Pick<Store['traces'], 'listTraces'>) =>
  projectOperation({
    endpoint: endpoints.listTraces,
    permission: 'traces:read',
    run: ({ project, query }) => traces.listTraces(project.id, query),
  });
