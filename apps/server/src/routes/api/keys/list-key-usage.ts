import { endpoints } from '@app/contract';
import { projectOperation } from '../operation.ts';
import type { KeyOperationDeps } from './key-operations.ts';

/** The usage of the keys of one page of the list, in one question. */
export const listKeyUsage = ({ traces, nowMs }: KeyOperationDeps) =>
  projectOperation({
    endpoint: endpoints.listKeyUsage,
    permission: 'keys:read',
    run: ({ project, query }) =>
      traces.readKeyUsage(project.id, { keyIds: query.ids, range: query.range, nowMs: nowMs() }),
  });
