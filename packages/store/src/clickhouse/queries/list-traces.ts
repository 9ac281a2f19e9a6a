import type { TraceList, TraceSearch } from '@app/contract';
import { nanosOf } from '../nanos.ts';
import type { Clickhouse, Parameters } from '../open-clickhouse.ts';
import { readSummary, type SummaryRow, summaryColumns } from '../span-row.ts';
import { parseTraceCursor, writeTraceCursor } from '../trace-cursor.ts';

const pageMax = 200;

/** Calls, newest first. A page begins after the last call seen, so that new calls never shift it. */
export function listTraces(clickhouse: Clickhouse) {
  return async (projectId: string, search: TraceSearch): Promise<TraceList> => {
    const limit = Math.min(Math.max(Math.trunc(search.limit), 1), pageMax);
    // One row more than the page tells whether another page follows.
    const rows = await findNewest(clickhouse, { projectId, search, rowCount: limit + 1 });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      data: rows.slice(0, limit).map(readSummary),
      next_cursor:
        last === undefined
          ? null
          : writeTraceCursor({
              startedNanos: last.started_nanos,
              traceId: last.trace_id,
              spanId: last.span_id,
            }),
    };
  };
}

type Question = { projectId: string; search: TraceSearch; rowCount: number };

const hourNanos = 3_600_000_000_000n;
const windowsNanos = [hourNanos, 24n * hourNanos, 7n * 24n * hourNanos];

/**
 * The newest calls that match. Most pages are full after the last hour, the last day or the last week before their
 * newest call, so these are tried before everything is read; a full page of a window is a page of everything.
 */
async function findNewest(clickhouse: Clickhouse, question: Question): Promise<SummaryRow[]> {
  const { projectId, search, rowCount } = question;
  const filters = filtersOf(search);
  const read = (bounds: readonly Filter[]) => {
    const where = [...filters, ...bounds];
    return clickhouse.rows<SummaryRow>(
      sqlOf(where.map((each) => each.sql)),
      Object.assign({ project_id: projectId, row_count: rowCount }, ...where.map((each) => each.parameters)),
    );
  };
  const newest = await findUpperBound(clickhouse, question);
  if (newest === undefined) return [];
  const from = search.from === undefined ? 0n : BigInt(nanosOf(search.from));
  for (const windowNanos of windowsNanos) {
    const since = newest - windowNanos;
    if (since <= from) break;
    const rows = await read([sinceFilter(since)]);
    if (rows.length === rowCount) return rows;
  }
  return read([]);
}

/** Where the first window ends: at the cursor, at the search's own end, or within the newest hour that has a span. */
async function findUpperBound(
  clickhouse: Clickhouse,
  { projectId, search }: Question,
): Promise<bigint | undefined> {
  if (search.cursor !== undefined) return BigInt(parseTraceCursor(search.cursor).startedNanos);
  if (search.to !== undefined) return BigInt(nanosOf(search.to));
  const [row] = await clickhouse.rows<{ started_nanos: string }>(newestHourSql, { project_id: projectId });
  return row === undefined ? undefined : BigInt(row.started_nanos);
}

/** In the order of the table's key, so that a few rows are read. */
const newestHourSql = `SELECT toUnixTimestamp64Nano(started_at) AS started_nanos FROM spans
  WHERE project_id = {project_id:String} ORDER BY project_id DESC, toStartOfHour(started_at) DESC LIMIT 1`;

function sqlOf(conditions: readonly string[]): string {
  const also = conditions.map((condition) => `AND ${condition}`).join(' ');
  return `SELECT ${summaryColumns} FROM spans FINAL
    WHERE project_id = {project_id:String} AND kind = 'call' ${also}
    ORDER BY started_at DESC, trace_id DESC, span_id DESC LIMIT {row_count:UInt32}`;
}

function sinceFilter(since: bigint): Filter {
  return {
    sql: `started_at >= fromUnixTimestamp64Nano({since_nanos:Int64}, 'UTC')`,
    parameters: { since_nanos: since.toString() },
  };
}

type Filter = { sql: string; parameters: Parameters };

/** Columns that are compared as they are, and labels of which one has to be the same. */
const equals = {
  model: 'model = {model:String}',
  provider: 'provider = {provider:String}',
  mode: 'mode = {mode:String}',
  environment: 'environment = {environment:String}',
  key_id: 'key_id = {key_id:String}',
  user_id: 'user_id = {user_id:String}',
  session: 'session_id = {session:String}',
  tag: 'has(tags, {tag:String})',
  limit_id: 'limit_refused = {limit_id:String}',
} as const;

/** A call that its caller left is neither `ok` nor `error`. */
const statuses = { ok: "outcome = 'ok'", error: "outcome = 'failed'" } as const;

function filtersOf(search: TraceSearch): Filter[] {
  const filters: Filter[] = [];
  for (const [name, sql] of Object.entries(equals)) {
    const value = search[name as keyof typeof equals];
    if (value !== undefined) filters.push({ sql, parameters: { [name]: value } });
  }
  if (search.status !== undefined) filters.push({ sql: statuses[search.status], parameters: {} });
  if (search.from !== undefined) {
    filters.push({
      sql: `started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')`,
      parameters: { from_nanos: nanosOf(search.from) },
    });
  }
  if (search.to !== undefined) {
    filters.push({
      sql: `started_at < fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')`,
      parameters: { to_nanos: nanosOf(search.to) },
    });
  }
  if (search.search !== undefined && search.search !== '') filters.push(textFilter(search.search));
  if (search.cursor !== undefined) filters.push(cursorFilter(search.cursor));
  return filters;
}

/** `%` and `_` are looked for as they are; letters in either case. */
function textFilter(text: string): Filter {
  return {
    sql: `search_text LIKE concat('%', lowerUTF8({search:String}), '%')`,
    parameters: { search: text.replace(/[\\%_]/g, '\\$&') },
  };
}

/** The first condition is implied by the second; it alone can skip what is newer without reading it. */
function cursorFilter(cursor: string): Filter {
  const after = parseTraceCursor(cursor);
  return {
    sql: `started_at <= fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC') AND
      (started_at, trace_id, span_id) <
        (fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC'), {after_trace:String}, {after_span:String})`,
    parameters: {
      after_nanos: after.startedNanos,
      after_trace: after.traceId,
      after_span: after.spanId,
    },
  };
}
