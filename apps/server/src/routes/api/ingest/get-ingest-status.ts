import { endpoints, type IngestStatus } from '@app/contract';
import { projectOperation } from '../operation.ts';

/** How far the trace store is behind and what was dropped, for the whole server, and what this project was sent. */
export const getIngestStatus = (ingestStatus: (projectId?: string) => IngestStatus | Promise<IngestStatus>) =>
  projectOperation({
    endpoint: endpoints.getIngestStatus,
    permission: 'traces:read',
    run: async ({ project }) => ingestStatus(project.id),
  });
