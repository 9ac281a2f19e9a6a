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

const contentSql = (
  which: string,
) => `SELECT span_id, request, reply, attributes, content_digests FROM spans FINAL
  PREWHERE ${withinTrace} ${which} LIMIT 1`;

/** What a statement can carry; of a span that refers to more they are looked up where they are. */
const listedMax = 2_000;

/** The same content under the same digest: whichever of its copies is met first will do. */
const contentsSql = (digests: string) => `SELECT digest, content FROM contents
  WHERE project_id = {project_id:String} AND digest IN (${digests}) LIMIT 1 BY digest LIMIT ${contentsMax}`;

const ofList = `SELECT arrayJoin(splitByChar(',', {digests:String})) AS each LIMIT ${listedMax}`;
const ofStored = (which: string) => `SELECT arrayJoin(content_digests) FROM
    (SELECT content_digests FROM spans FINAL PREWHERE ${withinTrace} ${which} LIMIT 1)`;

/** The content of one span; without its id that of the root, or of the first call where the root never came. */
export async function readSpanContent(
  clickhouse: Clickhouse,
  bounds: TraceBounds,
  spanId?: string,
): Promise<SpanContent> {
  const which = spanId === undefined ? ofRoot : ofSpan;
  const scope = { ...bounds, ...(spanId !== undefined && { span_id: spanId }) };
  const [row] = await clickhouse.rows<ContentRow>(contentSql(which), scope);
  const digests = row?.content_digests ?? [];
  const sql = contentsSql(digests.length > listedMax ? ofStored(which) : ofList);
  const contents =
    digests.length === 0
      ? []
      : await clickhouse.rows<{ digest: string; content: string }>(sql, {
          ...scope,
          ...(digests.length <= listedMax && { digests: digests.join(',') }),
        });
  return {
    spanId: row?.span_id ?? '',
    request: row?.request ?? '',
    reply: row?.reply ?? '',
    attributes: row?.attributes ?? '',
    contents: new Map(contents.map((each) => [each.digest, each.content])),
  };
}

type ContentRow = {
  span_id: string;
  request: string;
  reply: string;
  attributes: string;
  content_digests: string[];
};
