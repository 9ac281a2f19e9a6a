import type { ExportedCall } from '../../exported-call.ts';
import { type CallFilter, callFilter } from '../call-filter.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { resolveContents } from '../resolve-contents.ts';
import { readSpan, type SpanRow, spanColumns } from '../span-row.ts';
import { parseTraceCursor, writeTraceCursor } from '../trace-cursor.ts';

export type CallsToExport = CallFilter & { after: string | undefined; limit: number };

/** A page of calls with their attempts and contents, the oldest first. `next` is absent when there are no more. */
export function listCallsToExport(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    { after, limit, ...filter }: CallsToExport,
  ): Promise<{ calls: ExportedCall[]; next: string | undefined }> => {
    const { sql, parameters } = callFilter(filter);
    const scope = { project_id: projectId, ...parameters, ...cursorOf(after) };
    const rows = await clickhouse.rows<SpanRow>(callsSql(sql, limit), scope);
    const last = rows.at(-1);
    if (last === undefined) return { calls: [], next: undefined };
    const calls: ExportedCall[] = [];
    for (const row of rows) calls.push(await readCall(clickhouse, projectId, row));
    const next = {
      startedNanos: last.started_nanos,
      traceId: last.trace_id,
      spanId: last.span_id,
    };
    return { calls, next: rows.length < limit ? undefined : writeTraceCursor(next) };
  };
}

/** Contents of one call may be large, so one call is in memory at a time, and its page's figures. */
async function readCall(clickhouse: Clickhouse, projectId: string, row: SpanRow): Promise<ExportedCall> {
  const scope = {
    project_id: projectId,
    trace_id: row.trace_id,
    span_id: row.span_id,
    started_nanos: row.started_nanos,
    ended_nanos: (BigInt(row.started_nanos) + BigInt(row.duration_us) * 1_000n).toString(),
  };
  const [contents, texts, attempts] = await Promise.all([
    clickhouse.rows<{ digest: string; content: string }>(contentsSql, scope),
    clickhouse.rows<{ request: string; reply: string }>(textSql, scope),
    clickhouse.rows<SpanRow>(attemptsSql, scope),
  ]);
  const byDigest = new Map(contents.map(({ digest, content }) => [digest, content]));
  return {
    span: readSpan(row),
    traceId: row.trace_id,
    requestId: row.request_id,
    keyId: row.key_id,
    userId: row.user_id || null,
    sessionId: row.session_id || null,
    tags: row.tags,
    mode: row.mode,
    environment: row.environment,
    attempts: attempts.map(readSpan),
    request: resolveContents(texts[0]?.request ?? '', byDigest),
    reply: resolveContents(texts[0]?.reply ?? '', byDigest),
  };
}

function cursorOf(after: string | undefined) {
  const at = after === undefined ? undefined : parseTraceCursor(after);
  return {
    after_nanos: at?.startedNanos ?? '0',
    after_trace: at?.traceId ?? '',
    after_span: at?.spanId ?? '',
  };
}

const callsSql = (where: string, limit: number): string => `SELECT ${spanColumns} FROM spans FINAL
  WHERE project_id = {project_id:String} AND kind = 'call' AND ${where}
    AND started_at >= fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC')
    AND (started_at, trace_id, span_id) >
      (fromUnixTimestamp64Nano({after_nanos:Int64}, 'UTC'), {after_trace:String}, {after_span:String})
  ORDER BY started_at, trace_id, span_id LIMIT ${limit}`;

const within = `project_id = {project_id:String} AND trace_id = {trace_id:String}
  AND started_at >= fromUnixTimestamp64Nano({started_nanos:Int64}, 'UTC')
  AND started_at <= fromUnixTimestamp64Nano({ended_nanos:Int64}, 'UTC')`;

const textSql = `SELECT request, reply FROM spans FINAL WHERE ${within} AND span_id = {span_id:String}
  ORDER BY source != 'gateway', started_at LIMIT 1`;

const attemptsSql = `SELECT ${spanColumns} FROM spans FINAL
  WHERE ${within} AND kind = 'attempt' AND parent_span_id = {span_id:String} ORDER BY started_at, span_id LIMIT 1000`;

const contentsSql = `SELECT digest, content FROM contents WHERE project_id = {project_id:String} AND digest IN (
    SELECT arrayJoin(content_digests) FROM spans FINAL WHERE ${within} AND span_id = {span_id:String}
  ) LIMIT 1 BY digest LIMIT 20000`;
