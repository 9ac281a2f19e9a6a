import { Trace, TraceList } from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

export type TraceFilter = {
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  status?: 'ok' | 'error' | undefined;
  mode?: 'live' | 'test' | undefined;
  key_id?: string | undefined;
  user_id?: string | undefined;
  search?: string | undefined;
};

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/traces`;

/** Newest first, page by page; the first page is asked anew every two seconds while `isLive`. */
export const tracesQuery = (project: string, filter: TraceFilter, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: ['traces', project, filter],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ ...filter, limit: 50, cursor: pageParam })}`, TraceList, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: isLive ? 2_000 : false,
    placeholderData: (previous) => previous,
  });

export const traceQuery = (project: string, traceId: string) =>
  queryOptions({
    queryKey: ['trace', project, traceId],
    queryFn: ({ signal }) => ask(`${path(project)}/${encodeURIComponent(traceId)}`, Trace, { signal }),
    staleTime: 30_000,
  });
