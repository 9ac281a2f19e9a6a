import { IngestStatus } from '@app/contract';
import { queryOptions } from '@tanstack/react-query';
import { ask } from './client.ts';

/** How far the traces are behind and what was lost; asked anew every ten seconds while somebody looks. */
export const ingestStatusQuery = (project: string) =>
  queryOptions({
    queryKey: ['ingest-status', project],
    queryFn: ({ signal }) =>
      ask(`/api/v1/projects/${encodeURIComponent(project)}/ingest-status`, IngestStatus, { signal }),
    refetchInterval: 10_000,
  });
