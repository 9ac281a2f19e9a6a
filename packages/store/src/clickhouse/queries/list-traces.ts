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
    const filters = filtersOf(search);
    const where = ["project_id = {project_id:String} AND kind = 'call'", ...filters.map((each) => each.sql)];
    const parameters = Object.assign({}, ...filters.map((each) => each.parameters), {
      project_id: projectId,
      // One row more than the page tells whether another page follows.
      row_count: limit + 1,
    });
    const rows = await clickhouse.rows<SummaryRow>(sqlOf(where), parameters);
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

function sqlOf(where: readonly string[]): string {
  return `SELECT ${summaryColumns} FROM spans FINAL WHERE ${where.join(' AND ')}
    ORDER BY started_at DESC, trace_id DESC, span_id DESC LIMIT {row_count:UInt32}`;
}

type Filter = { sql: string; parameters: Parameters };

/** Columns that are compared as they are. */
const equals = {
  model: 'model = {model:String}',
  provider: 'provider = {provider:String}',
  mode: 'mode = {mode:String}',
  environment: 'environment = {environment:String}',
  key_id: 'key_id = {key_id:String}',
  user_id: 'user_id = {user_id:String}',
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
