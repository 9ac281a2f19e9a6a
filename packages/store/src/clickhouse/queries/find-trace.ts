import type { Trace } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { resolveContents } from '../resolve-contents.ts';
import { readSpan, readSummary, type SpanRow, spanColumns } from '../span-row.ts';

const spansMax = 1000;
const contentsMax = 20_000;

/** One trace with its content, or `undefined` when the project has none of this id. Spans come in order of start. */
export function findTrace(clickhouse: Clickhouse) {
  return async (projectId: string, traceId: string): Promise<Trace | undefined> => {
    const bounds = await findBounds(clickhouse, projectId, traceId);
    if (bounds === undefined) return undefined;
    const spans = await clickhouse.rows<SpanRow>(spansSql, bounds);
    const call = spans.find((span) => span.kind === 'call');
    if (call === undefined) return undefined;
    const content = await findContent(clickhouse, { ...bounds, span_id: call.span_id });
    return {
      trace_id: traceId,
      summary: readSummary(call),
      route: call.route,
      dialect: call.dialect,
      losses: readLosses(call.losses),
      spans: spans.map(readSpan),
      capture: call.capture,
      request: resolveContents(content.request, content.contents),
      reply: resolveContents(content.reply, content.contents),
    };
  };
}

type Bounds = { project_id: string; trace_id: string; first_nanos: string; last_nanos: string };

const within = `project_id = {project_id:String} AND trace_id = {trace_id:String}
  AND started_at >= fromUnixTimestamp64Nano({first_nanos:Int64}, 'UTC')
  AND started_at <= fromUnixTimestamp64Nano({last_nanos:Int64}, 'UTC')`;

const boundsSql = `SELECT toUnixTimestamp64Nano(min(first_at)) AS first_nanos,
    toUnixTimestamp64Nano(max(last_at)) AS last_nanos, count() AS row_count
  FROM trace_index WHERE project_id = {project_id:String} AND trace_id = {trace_id:String} LIMIT 1`;

const spansSql = `SELECT ${spanColumns} FROM spans FINAL WHERE ${within}
  ORDER BY started_at, span_id LIMIT ${spansMax}`;

const contentSql = `SELECT request, reply FROM spans FINAL WHERE ${within} AND span_id = {span_id:String} LIMIT 1`;

/** The same content under the same digest: whichever of its copies is met first will do. */
const contentsSql = `SELECT digest, content FROM contents WHERE project_id = {project_id:String} AND digest IN (
    SELECT arrayJoin(content_digests) FROM spans FINAL WHERE ${within} AND span_id = {span_id:String}
  ) LIMIT 1 BY digest LIMIT ${contentsMax}`;

async function findBounds(
  clickhouse: Clickhouse,
  projectId: string,
  traceId: string,
): Promise<Bounds | undefined> {
  const scope = { project_id: projectId, trace_id: traceId };
  const [row] = await clickhouse.rows<{ first_nanos: string; last_nanos: string; row_count: string }>(
    boundsSql,
    scope,
  );
  if (row === undefined || row.row_count === '0') return undefined;
  return { ...scope, first_nanos: row.first_nanos, last_nanos: row.last_nanos };
}

async function findContent(clickhouse: Clickhouse, span: Bounds & { span_id: string }) {
  const [rows, contents] = await Promise.all([
    clickhouse.rows<{ request: string; reply: string }>(contentSql, span),
    clickhouse.rows<{ digest: string; content: string }>(contentsSql, span),
  ]);
  return {
    request: rows[0]?.request ?? '',
    reply: rows[0]?.reply ?? '',
    contents: new Map(contents.map((row) => [row.digest, row.content])),
  };
}

function readLosses(text: string): Trace['losses'] {
  return text === '' ? [] : (JSON.parse(text) as Trace['losses']);
}
