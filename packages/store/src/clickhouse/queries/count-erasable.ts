import { type CallFilter, callFilter } from '../call-filter.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { keptContents, stagedCalls, stagedContents, stagedSpans } from './stage-erasure.ts';

export type ErasableCounts = { traces: number; spans: number; contents: number; bytes: number };

/** What a deletion would delete now. `bytes` is what of the disk those rows take on average. */
export function countErasable(clickhouse: Clickhouse) {
  return async (projectId: string, filter: CallFilter): Promise<ErasableCounts> => {
    const { sql, parameters } = callFilter(filter);
    const scope = { project_id: projectId, ...parameters };
    const [calls, attempts, contents, sizes] = await Promise.all([
      clickhouse.rows<{ traces: string; calls: string }>(callsSql(sql), scope),
      clickhouse.rows<{ attempts: string }>(attemptsSql(sql), scope),
      clickhouse.rows<{ contents: string; bytes: string }>(contentsSql(sql), scope),
      readRowSizes(clickhouse),
    ]);
    const spans = Number(calls[0]?.calls ?? 0) + Number(attempts[0]?.attempts ?? 0);
    const contentBytes = Number(contents[0]?.bytes ?? 0) * sizes.contentRatio;
    return {
      traces: Number(calls[0]?.traces ?? 0),
      spans,
      contents: Number(contents[0]?.contents ?? 0),
      bytes: Math.round(spans * sizes.spanBytes + contentBytes),
    };
  };
}

/** How many calls match now. */
export function countMatchingCalls(clickhouse: Clickhouse) {
  return async (projectId: string, filter: CallFilter): Promise<number> => {
    const { sql, parameters } = callFilter(filter);
    const [row] = await clickhouse.rows<{ calls: string }>(callsSql(sql), {
      project_id: projectId,
      ...parameters,
    });
    return Number(row?.calls ?? 0);
  };
}

export type StagedLeft = {
  spans: number;
  repriced: number;
  traceIndex: number;
  contents: number;
  received: number;
};

/** Of what a job named, what is still there: it should be nothing. */
export function countStagedLeft(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    { jobId, storedBeforeMs }: { jobId: string; storedBeforeMs: number },
  ): Promise<StagedLeft> => {
    const scope = { project_id: projectId, job_id: jobId };
    const count = async (sql: string, parameters: Record<string, string | number> = scope) => {
      const [row] = await clickhouse.rows<{ left: string }>(sql, parameters);
      return Number(row?.left ?? 0);
    };
    const [spans, repriced, traceIndex, received, contents] = await Promise.all([
      count(spansLeftSql),
      count(repricedLeftSql),
      count(indexLeftSql),
      count(receivedLeftSql),
      count(contentsLeftSql, { ...scope, stored_ms: Math.floor(storedBeforeMs) }),
    ]);
    return { spans, repriced, traceIndex, contents, received };
  };
}

/** What a job named, for the report: traces, and spans. */
export function countStaged(clickhouse: Clickhouse) {
  return async (projectId: string, jobId: string): Promise<{ traces: number; spans: number }> => {
    const [row] = await clickhouse.rows<{ traces: string; spans: string }>(stagedSql, {
      project_id: projectId,
      job_id: jobId,
    });
    return { traces: Number(row?.traces ?? 0), spans: Number(row?.spans ?? 0) };
  };
}

/** Ids of the requests that a job's calls answered, in their order; a page at a time. */
export function listStagedRequests(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    page: { jobId: string; after: string; limit: number },
  ): Promise<string[]> => {
    const rows = await clickhouse.rows<{ request_id: string }>(requestsSql, {
      project_id: projectId,
      job_id: page.jobId,
      after: page.after,
      row_count: page.limit,
    });
    return rows.map(({ request_id }) => request_id);
  };
}

/** Average bytes of a span on the disk, and how far contents are compressed. */
export async function readRowSizes(
  clickhouse: Clickhouse,
): Promise<{ spanBytes: number; contentRatio: number }> {
  const rows = await clickhouse.rows<{ name: string; row_count: string; disk: string; plain: string }>(
    sizesSql,
    {},
  );
  const of = (name: string) => rows.find((row) => row.name === name);
  const [spans, contents] = [of('spans'), of('contents')];
  return {
    spanBytes: spans === undefined ? 0 : Number(spans.disk) / Math.max(1, Number(spans.row_count)),
    contentRatio: contents === undefined ? 1 : Number(contents.disk) / Math.max(1, Number(contents.plain)),
  };
}

/**
 * Bytes that parts still take on the disk which were replaced before that moment, epoch seconds of ClickHouse's clock: what
 * was deleted is in them until they are removed.
 */
export function countReplacedParts(clickhouse: Clickhouse) {
  return async (beforeS: number): Promise<number> => {
    const [row] = await clickhouse.rows<{ parts: string }>(replacedSql, { before_s: beforeS });
    return Number(row?.parts ?? 0);
  };
}

/**
 * Wakes what removes replaced parts, which else looks every half minute. A server whose user may not do that, or that is
 * older than the statement, removes them in its own time.
 */
export function clearReplacedParts(clickhouse: Clickhouse) {
  return async (): Promise<void> => {
    for (const table of erasedTables) {
      await clickhouse.write(`SYSTEM START CLEANUP ${table}`, {}).catch(() => undefined);
    }
  };
}

/** Whatever a deletion takes rows out of. */
const erasedTables = [
  ...['spans', 'contents', 'trace_index', 'repriced', 'scores', 'span_parts', 'gateway_calls'],
  ...['gateway_claims', 'ingest_losses', 'hour_sums', 'day_sums'],
];

const callsSql = (where: string): string => `SELECT count(DISTINCT trace_id) AS traces,
    count(DISTINCT trace_id, span_id) AS calls FROM spans
  WHERE project_id = {project_id:String} AND kind != 'attempt' AND ${where} LIMIT 1`;

const attemptsSql = (
  where: string,
): string => `SELECT count(DISTINCT trace_id, span_id) AS attempts FROM spans
  WHERE project_id = {project_id:String} AND kind = 'attempt' AND (trace_id, parent_span_id) IN (
    SELECT trace_id, span_id FROM spans WHERE project_id = {project_id:String} AND kind = 'call' AND ${where})
  LIMIT 1`;

/** Contents that only these calls refer to. */
const contentsSql = (where: string): string => `SELECT count() AS contents, sum(bytes) AS bytes FROM (
    SELECT digest, max(length(content)) AS bytes FROM contents WHERE project_id = {project_id:String}
      AND digest IN (SELECT arrayJoin(content_digests) FROM spans
        WHERE project_id = {project_id:String} AND kind != 'attempt' AND ${where})
      AND digest NOT IN (SELECT arrayJoin(content_digests) FROM spans
        WHERE project_id = {project_id:String} AND kind != 'attempt' AND NOT (${where}))
    GROUP BY digest) LIMIT 1`;

const spansLeftSql = `SELECT count() AS left FROM spans
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans}) LIMIT 1`;

const repricedLeftSql = `SELECT count() AS left FROM repriced
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans}) LIMIT 1`;

const receivedLeftSql = `SELECT sum(found) AS left FROM (
    SELECT count() AS found FROM span_parts WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})
    UNION ALL SELECT count() AS found FROM gateway_claims
    WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})
    UNION ALL SELECT count() AS found FROM scores
    WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})) LIMIT 1`;

const indexLeftSql = `SELECT count() AS left FROM trace_index WHERE project_id = {project_id:String}
    AND trace_id IN (SELECT trace_id FROM (${stagedCalls}))
    AND trace_id NOT IN (SELECT trace_id FROM spans WHERE project_id = {project_id:String}
      AND trace_id IN (SELECT trace_id FROM (${stagedCalls}))) LIMIT 1`;

const contentsLeftSql = `SELECT count() AS left FROM contents WHERE project_id = {project_id:String}
    AND stored_at < fromUnixTimestamp64Milli({stored_ms:Int64}, 'UTC')
    AND digest IN (${stagedContents}) AND digest NOT IN (${keptContents}) LIMIT 1`;

const stagedSql = `SELECT count(DISTINCT trace_id) AS traces, count() AS spans FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind IN ('call', 'attempt') LIMIT 1`;

const requestsSql = `SELECT DISTINCT request_id FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'call' AND request_id > {after:String}
  ORDER BY request_id LIMIT {row_count:UInt32}`;

const sizesSql = `SELECT table AS name, sum(rows) AS row_count, sum(bytes_on_disk) AS disk,
    sum(data_uncompressed_bytes) AS plain FROM system.parts
  WHERE database = currentDatabase() AND active AND table IN ('spans', 'contents') GROUP BY table LIMIT 10`;

const replacedSql = `SELECT count() AS parts FROM system.parts
  WHERE database = currentDatabase() AND NOT active AND table IN (${erasedTables.map((table) => `'${table}'`).join(', ')})
    AND rows > 0 AND toUnixTimestamp(remove_time) <= {before_s:UInt32} LIMIT 1`;
