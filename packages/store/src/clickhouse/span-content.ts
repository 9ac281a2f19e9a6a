import type { Clickhouse } from './open-clickhouse.ts';
import { type TraceBounds, withinTrace } from './trace-bounds.ts';

/** What a span carries, as it is stored, and the contents that it refers to, by digest. */
export type SpanContent = {
  spanId: string;
  request: string;
  reply: string;
  attributes: string;
  contents: ReadonlyMap<string, string>;
};

const contentsMax = 20_000;

const ofSpan = `AND span_id = {span_id:String} ORDER BY source != 'gateway', started_at`;
const ofRoot = `ORDER BY parent_span_id != '', parent_span_id != '' AND kind != 'call', started_at, span_id`;

const contentSql = (which: string) => `SELECT span_id, request, reply, attributes FROM spans FINAL
  PREWHERE ${withinTrace} ${which} LIMIT 1`;

/** The same content under the same digest: whichever of its copies is met first will do. */
const contentsSql = (
  which: string,
) => `SELECT digest, content FROM contents WHERE project_id = {project_id:String} AND digest IN (
    SELECT arrayJoin(content_digests) FROM (SELECT content_digests FROM spans FINAL PREWHERE ${withinTrace} ${which} LIMIT 1)
  ) LIMIT 1 BY digest LIMIT ${contentsMax}`;

/** The content of one span; without its id that of the root, or of the first call where the root never came. */
export async function readSpanContent(
  clickhouse: Clickhouse,
  bounds: TraceBounds,
  spanId?: string,
): Promise<SpanContent> {
  const which = spanId === undefined ? ofRoot : ofSpan;
  const scope = { ...bounds, ...(spanId !== undefined && { span_id: spanId }) };
  const [rows, contents] = await Promise.all([
    clickhouse.rows<ContentRow>(contentSql(which), scope),
    clickhouse.rows<{ digest: string; content: string }>(contentsSql(which), scope),
  ]);
  return {
    spanId: rows[0]?.span_id ?? '',
    request: rows[0]?.request ?? '',
    reply: rows[0]?.reply ?? '',
    attributes: rows[0]?.attributes ?? '',
    contents: new Map(contents.map((row) => [row.digest, row.content])),
  };
}

type ContentRow = { span_id: string; request: string; reply: string; attributes: string };
