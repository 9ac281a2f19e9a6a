import { endpoints, type IngestStatus } from '@app/contract';
import { projectOperation } from '../operation.ts';

/** How far the trace store is behind and what was dropped, counted for the whole server. */
export const getIngestStatus = (ingestStatus: () => IngestStatus | Promise<IngestStatus>) =>
  projectOperation({
    endpoint: endpoints.getIngestStatus,
    permission: 'traces:read',
    run: async () => ingestStatus(),
  });
