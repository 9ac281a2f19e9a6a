import type { Clickhouse } from './open-clickhouse.ts';
import { type TraceBounds, withinTrace } from './trace-bounds.ts';

/** What a span carries, as it is stored, and the contents that it refers to, by digest. */
export type SpanContent = {
  request: string;
  reply: string;
  attributes: string;
  contents: ReadonlyMap<string, string>;
};

const contentsMax = 20_000;

const contentSql = `SELECT request, reply, attributes FROM spans FINAL
  WHERE ${withinTrace} AND span_id = {span_id:String} ORDER BY source != 'gateway', started_at LIMIT 1`;

/** The same content under the same digest: whichever of its copies is met first will do. */
const contentsSql = `SELECT digest, content FROM contents WHERE project_id = {project_id:String} AND digest IN (
    SELECT arrayJoin(content_digests) FROM spans FINAL WHERE ${withinTrace} AND span_id = {span_id:String}
  ) LIMIT 1 BY digest LIMIT ${contentsMax}`;

export async function readSpanContent(
  clickhouse: Clickhouse,
  bounds: TraceBounds,
  spanId: string,
): Promise<SpanContent> {
  const span = { ...bounds, span_id: spanId };
  const [rows, contents] = await Promise.all([
    clickhouse.rows<{ request: string; reply: string; attributes: string }>(contentSql, span),
    clickhouse.rows<{ digest: string; content: string }>(contentsSql, span),
  ]);
  return {
    request: rows[0]?.request ?? '',
    reply: rows[0]?.reply ?? '',
    attributes: rows[0]?.attributes ?? '',
    contents: new Map(contents.map((row) => [row.digest, row.content])),
  };
}
