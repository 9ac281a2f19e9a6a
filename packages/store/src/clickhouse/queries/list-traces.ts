import type { TraceList, TraceSearch } from '@app/contract';
import type { Filter } from '../filter/compile-filter.ts';
import { createSearchFilters } from '../filter/create-search-filters.ts';
import { fieldFilters, sinceFilter, timeFilters } from '../filter/field-filters.ts';
import { readNewestRows } from '../newest-rows.ts';
import { readNewestSpans } from '../newest-spans.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readSummary, type SummaryRow } from '../span-row.ts';
import { parseTraceCursor, writeTraceCursor } from '../trace-cursor.ts';
import { listWholeTraces } from './list-whole-traces.ts';

const pageMaxDefault = 200;

/**
 * Calls, whole traces, or spans of any kind, newest first. A page begins after the last line seen, so that what is new never
 * shifts it. Throws `invalid_filter` and `invalid_cursor`.
 */
export function listTraces(clickhouse: Clickhouse, pageMax = pageMaxDefault) {
  const listWhole = listWholeTraces(clickhouse);
  return async (projectId: string, search: TraceSearch): Promise<TraceList> => {
    const limit = Math.min(Math.max(Math.trunc(search.limit), 1), pageMax);
    const filters = [...fieldFilters(search), ...(await createSearchFilters(clickhouse, projectId, search))];
    if (search.of === 'traces') return listWhole({ projectId, search, filters, limit });
    if (search.of !== 'spans') filters.push({ sql: `kind = 'call'`, parameters: {} });
    filters.push(...timeFilters(search), ...cursorFilters(search.cursor));
    const rows = await readNewestRows<SummaryRow>(clickhouse, {
      projectId,
      search,
      // One row more than the page tells whether another page follows.
      rowCount: limit + 1,
      read: ({ since }) => {
        const all = since === undefined ? filters : [...filters, sinceFilter(since)];
        return readNewestSpans(clickhouse, {
          projectId,
          filters: all,
          rowCount: limit + 1,
          isWhole: since === undefined,
        });
      },
    });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { data: rows.slice(0, limit).map(readSummary), next_cursor: last ? cursorOf(last) : null };
  };
}

function cursorOf(row: SummaryRow): string {
  return writeTraceCursor({ startedNanos: row.started_nanos, traceId: row.trace_id, spanId: row.span_id });
}

/** The first condition is implied by the second; it alone can skip what is newer without reading it. */
function cursorFilters(cursor: string | undefined): Filter[] {
  if (cursor === undefined) return [];
  const after = parseTraceCursor(cursor);
  const sql = `started_at <= fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC') AND
      (started_at, trace_id, span_id) <
        (fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC'), {after_trace:String}, {after_span:String})`;
  return [
    {
      sql,
      parameters: {
        after_nanos: after.startedNanos,
        after_trace: after.traceId,
        after_span: after.spanId,
      },
    },
  ];
}
