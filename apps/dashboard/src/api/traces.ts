import { type OverviewRange, Trace, TraceList } from '@app/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, queryOf } from './client.ts';

export type TraceFilter = {
  /** Only what began so long ago or later; moves with the clock. */
  range?: OverviewRange | undefined;
  /** A fixed stretch of time, RFC 3339. */
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  status?: 'ok' | 'error' | undefined;
  mode?: 'live' | 'test' | undefined;
  key_id?: string | undefined;
  user_id?: string | undefined;
  tag?: string | undefined;
  /** The limit or budget that refused the calls. */
  limit_id?: string | undefined;
  search?: string | undefined;
  session?: string | undefined;
  environment?: string | undefined;
  /** An expression of the filter language. */
  filter?: string | undefined;
  /** What a row is; calls unless told otherwise. */
  of?: 'traces' | 'spans' | undefined;
};

const NEWEST_ROWS = 50;
const OLDER_ROWS = 200;
const HOUR_MS = 3_600_000;
const RANGE_MS: { [range in OverviewRange]: number } = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

const path = (project: string) => `/api/v1/projects/${encodeURIComponent(project)}/traces`;

/** The newest page; asked anew every two seconds while `isLive`. */
export const newestTracesQuery = (project: string, filter: TraceFilter, isLive: boolean) =>
  queryOptions({
    queryKey: ['traces', project, filter],
    queryFn: ({ signal }) =>
      ask(`${path(project)}${queryOf({ ...searchOf(filter), limit: NEWEST_ROWS })}`, TraceList, { signal }),
    refetchInterval: isLive ? 2_000 : false,
    refetchOnWindowFocus: isLive,
    placeholderData: (previous) => previous,
  });

/** The pages after this cursor. What is past does not change, so they are asked for once. */
export const olderTracesQuery = (project: string, filter: TraceFilter, cursor: string | null) =>
  infiniteQueryOptions({
    queryKey: ['older-traces', project, filter, cursor],
    queryFn: ({ signal, pageParam }) =>
      ask(
        `${path(project)}${queryOf({ ...searchOf(filter), limit: OLDER_ROWS, cursor: pageParam })}`,
        TraceList,
        { signal },
      ),
    initialPageParam: cursor ?? '',
    getNextPageParam: (page) => page.next_cursor,
    enabled: cursor !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The calls of a session, the newest page first. */
export const sessionCallsQuery = (project: string, session: string) =>
  infiniteQueryOptions({
    queryKey: ['session-calls', project, session],
    queryFn: ({ signal, pageParam }) =>
      ask(`${path(project)}${queryOf({ session, limit: OLDER_ROWS, cursor: pageParam })}`, TraceList, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

export const traceQuery = (project: string, traceId: string) =>
  queryOptions({
    queryKey: ['trace', project, traceId],
    queryFn: ({ signal }) => ask(`${path(project)}/${encodeURIComponent(traceId)}`, Trace, { signal }),
    staleTime: 30_000,
  });

/** Where what the filter leaves comes from as a file. */
export const traceExportAddress = (
  project: string,
  filter: TraceFilter,
  format: 'ndjson' | 'csv' | 'parquet',
): string => `${path(project)}/export${queryOf({ ...searchOf(filter), format })}`;

function searchOf({ range, ...rest }: TraceFilter) {
  if (range === undefined) return rest;
  return { ...rest, from: new Date(Date.now() - RANGE_MS[range]).toISOString() };
}
