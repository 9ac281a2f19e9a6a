import { endpoints, type IngestStatus } from '@app/contract';
import type { Store } from '@app/store';
import { projectOperation } from '../operation.ts';

export type IngestStatusDeps = {
  ingestStatus: (projectId?: string) => IngestStatus | Promise<IngestStatus>;
  traces: Pick<Store['traces'], 'readIngestLosses'>;
  nowMs: () => number;
};

const DAY_MS = 86_400_000;

/**
 * How far the trace store is behind and what was dropped, for the whole server; what this project was sent, and what its
 * senders lost within a day. While the store is away it is what this server heard of them.
 */
export const getIngestStatus = ({ ingestStatus, traces, nowMs }: IngestStatusDeps) =>
  projectOperation({
    endpoint: endpoints.getIngestStatus,
    permission: 'traces:read',
    run: async ({ project }) => {
      const status = await ingestStatus(project.id);
      const lost = await traces.readIngestLosses(project.id, nowMs() - DAY_MS).catch(() => undefined);
      return lost === undefined ? status : { ...status, lost_by_senders: lost };
    },
  });
