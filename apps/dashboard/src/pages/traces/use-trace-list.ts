import type { TraceList, TraceSummary } from '@app/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { newestTracesQuery, olderTracesQuery, type TraceFilter } from '../../api/traces.ts';

/** The newest page as it was when the list began to stand still, for the filter it belongs to. */
type Hold = { of: string; page: TraceList; wantsOlder: boolean };
type Options = {
  isLive: boolean;
  /** True while a person is in the middle of the list, or looks at one of its traces. */
  isReading: boolean;
};

/**
 * The list as it is shown. It follows the newest page while nobody reads in it; else it stands still, and `newCount`
 * says how many have come since.
 */
export function useTraceList(project: string, filter: TraceFilter, { isLive, isReading }: Options) {
  const newest = useQuery(newestTracesQuery(project, filter, isLive));
  const [hold, setHold] = useState<Hold>();
  const of = JSON.stringify(filter);
  const held = hold?.of === of ? hold : undefined;
  const standsStill = !isLive || isReading || held?.wantsOlder === true;
  if (standsStill && held === undefined && newest.data !== undefined && !newest.isPlaceholderData) {
    setHold({ of, page: newest.data, wantsOlder: false });
  }
  if (!standsStill && hold !== undefined) setHold(undefined);

  const first = held?.page ?? newest.data;
  const cursor = held?.wantsOlder ? held.page.next_cursor : null;
  const older = useInfiniteQuery(olderTracesQuery(project, filter, cursor));
  const rows = useMemo(
    () => [...(first?.data ?? []), ...(cursor === null ? [] : (older.data?.pages ?? [])).flatMap(rowsOf)],
    [first, cursor, older.data],
  );
  return {
    newest,
    rows,
    newCount: countNew(first, newest.data),
    older: {
      hasMore: cursor === null ? first?.next_cursor != null : older.hasNextPage || older.data === undefined,
      isLoading: cursor !== null && older.isFetching,
      problem: cursor === null ? undefined : older.error?.message,
      load: () => {
        if (cursor !== null) return older.data === undefined ? older.refetch() : older.fetchNextPage();
        if (first !== undefined) setHold({ of, page: first, wantsOlder: true });
      },
    },
    follow: () => setHold(undefined),
  };
}

const rowsOf = (page: TraceList): TraceSummary[] => page.data;

function countNew(shown: TraceList | undefined, newest: TraceList | undefined): number {
  if (shown === undefined || newest === undefined || shown === newest) return 0;
  const known = new Set(shown.data.map(keyOfTrace));
  const latest = shown.data[0]?.started_at ?? '';
  return newest.data.filter((row) => row.started_at >= latest && !known.has(keyOfTrace(row))).length;
}

/** A trace may hold several calls; each is a row of its own. */
export const keyOfTrace = (row: TraceSummary): string => row.trace_id + row.span_id;
