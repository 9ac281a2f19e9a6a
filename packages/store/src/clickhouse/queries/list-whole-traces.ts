import type { TraceList, TraceSearch } from '@app/contract';
import type { Filter } from '../filter/compile-filter.ts';
import { andAll, parametersOf } from '../filter/field-filters.ts';
import { nanosOf } from '../nanos.ts';
import { readNewestRows } from '../newest-rows.ts';
import { readNewestTraces } from '../newest-traces.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { parseTraceCursor, type TraceCursor, writeTraceCursor } from '../trace-cursor.ts';
import { type BegunTrace, summarizeTraces } from './summarize-traces.ts';

export type WholeTracesQuestion = {
  projectId: string;
  search: Pick<TraceSearch, 'from' | 'to' | 'cursor'>;
  /** What at least one span of a trace has to be. */
  filters: readonly Filter[];
  limit: number;
};

/** With a filter, a span that begins longer after its trace did is not looked at. */
const traceNanosMax = 24n * 3_600_000_000_000n;
/** Where there are no bounds: the end of what the column holds. */
const nanosMax = 9_223_372_036_854_775_807n;

/** Traces by when they began, newest first, each with what its spans add up to. */
export function listWholeTraces(clickhouse: Clickhouse) {
  const summarize = summarizeTraces(clickhouse);
  return async ({ projectId, search, filters, limit }: WholeTracesQuestion): Promise<TraceList> => {
    const after = search.cursor === undefined ? undefined : parseTraceCursor(search.cursor);
    const rows = await readNewestRows<BegunTrace>(clickhouse, {
      projectId,
      search,
      rowCount: limit + 1,
      read: async ({ since }) => {
        const isFiltered = filters.length > 0;
        const bounds = boundsOf({ search, since, after, isFiltered });
        const [isAfter, rowCount, isWhole] = [after !== undefined, limit + 1, since === undefined];
        // With a filter, spans after the bound are looked at too: a trace that began before it may match by them alone.
        const isOneByOne = !isFiltered || (!isAfter && search.to === undefined);
        const found = isOneByOne
          ? await readNewestTraces(clickhouse, { projectId, filters, rowCount, bounds, isAfter, isWhole })
          : undefined;
        if (found !== undefined) return found;
        const scope = { ...parametersOf(filters), ...bounds, project_id: projectId, row_count: rowCount };
        return clickhouse.rows<BegunTrace>(begunSql(filters, isAfter), scope);
      },
    });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      data: await summarize(projectId, page),
      next_cursor: last
        ? writeTraceCursor({ startedNanos: last.first_nanos, traceId: last.trace_id, spanId: last.trace_id })
        : null,
    };
  };
}

type Bounds = {
  search: WholeTracesQuestion['search'];
  since: bigint | undefined;
  after: TraceCursor | undefined;
  isFiltered: boolean;
};

/** A trace that began within bounds has no span before them, and its first within them. */
function boundsOf({ search, since, after, isFiltered }: Bounds) {
  const from = search.from === undefined ? 0n : BigInt(nanosOf(search.from));
  const to = search.to === undefined ? nanosMax : BigInt(nanosOf(search.to)) - 1n;
  const begunTo = after === undefined || BigInt(after.startedNanos) > to ? to : BigInt(after.startedNanos);
  const seenTo = isFiltered && begunTo < nanosMax - traceNanosMax ? begunTo + traceNanosMax : begunTo;
  return {
    begun_from: (since !== undefined && since > from ? since : from).toString(),
    begun_to: begunTo.toString(),
    seen_to: seenTo.toString(),
    ...(after !== undefined && { after_nanos: after.startedNanos, after_trace: after.traceId }),
  };
}

/** Which traces match is told by their spans, when each began by the index of traces. */
const begunSql = (filters: readonly Filter[], isAfter: boolean) => `SELECT trace_id,
    toUnixTimestamp64Nano(min(first_at)) AS first_nanos, toUnixTimestamp64Nano(max(last_at)) AS last_nanos
  FROM trace_index
  WHERE project_id = {project_id:String} AND trace_id IN (
    SELECT trace_id FROM spans ${filters.length === 0 ? '' : 'FINAL'}
    WHERE project_id = {project_id:String} ${andAll(filters)}
      AND started_at >= fromUnixTimestamp64Nano({begun_from:Int64}, 'UTC')
      AND started_at <= fromUnixTimestamp64Nano({seen_to:Int64}, 'UTC')
  )
  GROUP BY trace_id
  HAVING first_nanos >= {begun_from:Int64} AND first_nanos <= {begun_to:Int64}
    ${isAfter ? 'AND (first_nanos, trace_id) < ({after_nanos:Int64}, {after_trace:String})' : ''}
  ORDER BY first_nanos DESC, trace_id DESC LIMIT {row_count:UInt32}`;
