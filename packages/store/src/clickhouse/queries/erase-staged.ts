import { changeRows, type Pause } from '../mutations.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { forgetHours } from './forget-hours.ts';
import { keptContents, stagedCalls, stagedContents, stagedSessions, stagedSpans } from './stage-erasure.ts';

export type ErasedContents = {
  jobId: string;
  /** Epoch milliseconds of ClickHouse's clock: what was stored later stays. */
  storedBeforeMs: number;
};

/** Deletes the spans that a job named, what re-pricing keeps of them, and the times of traces that are gone whole. */
export function eraseSpans(clickhouse: Clickhouse, pause: Pause) {
  const change = changeRows(clickhouse, pause);
  const forget = forgetHours(clickhouse, pause);
  return async (projectId: string, { jobId }: { jobId: string }): Promise<void> => {
    const parameters = { project_id: projectId, job_id: jobId };
    await change('repriced', { sql: repricedSql, parameters });
    await change('span_parts', { sql: partsSql, parameters });
    await change('gateway_claims', { sql: claimsSql, parameters });
    await change('spans', { sql: spansSql, parameters });
    await forget({ where: (hour) => `${ofProject} AND ${hour} IN (${stagedHours})`, parameters });
    // What is about a trace or a session goes with the last of its spans.
    await change('gateway_calls', { sql: gatewaySql, parameters });
    await change('scores', { sql: scoresSql, parameters });
    await change('trace_index', { sql: indexSql, parameters });
  };
}

/** Writes the times of traces again that got spans meanwhile. Once everything that was being loaded is loaded. */
export function restoreTraceIndex(clickhouse: Clickhouse) {
  return async (projectId: string, { jobId }: { jobId: string }): Promise<void> => {
    await clickhouse.write(restoreSql, { project_id: projectId, job_id: jobId });
  };
}

/** Deletes the contents that a job named, but for those that a span still refers to. Gives how many, and their bytes. */
export function eraseContents(clickhouse: Clickhouse, pause: Pause) {
  const change = changeRows(clickhouse, pause);
  return async (
    projectId: string,
    { jobId, storedBeforeMs }: ErasedContents,
  ): Promise<{ contents: number; bytes: number }> => {
    const scope = { project_id: projectId, job_id: jobId };
    const parameters = { ...scope, stored_ms: Math.floor(storedBeforeMs) };
    await clickhouse.write(keepSql, scope);
    const [row] = await clickhouse.rows<{ contents: string; bytes: string }>(goneSql, parameters);
    await change('contents', { sql: contentsSql, parameters });
    return { contents: Number(row?.contents ?? 0), bytes: Number(row?.bytes ?? 0) };
  };
}

/** ClickHouse's clock, epoch milliseconds, by which it dates what is inserted. */
export function readClock(clickhouse: Clickhouse) {
  return async (): Promise<number> => {
    const [row] = await clickhouse.rows<{ now_ms: string }>(
      "SELECT toUnixTimestamp64Milli(now64(3, 'UTC')) AS now_ms LIMIT 1",
      {},
    );
    return Number(row?.now_ms ?? 0);
  };
}

const repricedSql = `ALTER TABLE repriced DELETE
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})`;

const spansSql = `ALTER TABLE spans DELETE
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})`;

const ofProject = 'project_id = {project_id:String}';
const stagedHours = `SELECT toStartOfHour(started_at) FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind IN ('call', 'attempt')`;

const left = `SELECT trace_id FROM spans WHERE project_id = {project_id:String}
    AND trace_id IN (SELECT trace_id FROM (${stagedCalls})) LIMIT 100000000`;

const gone = `trace_id IN (SELECT trace_id FROM (${stagedCalls})) AND trace_id NOT IN (${left})`;

const partsSql = `ALTER TABLE span_parts DELETE
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})`;

const claimsSql = `ALTER TABLE gateway_claims DELETE
  WHERE project_id = {project_id:String} AND (trace_id, span_id) IN (${stagedSpans})`;

const gatewaySql = `ALTER TABLE gateway_calls DELETE WHERE project_id = {project_id:String} AND ${gone}`;

const scoresSql = `ALTER TABLE scores DELETE WHERE project_id = {project_id:String}
  AND ((trace_id, span_id) IN (${stagedSpans}) OR (trace_id != '' AND ${gone})
    OR (trace_id = '' AND session_id IN (${stagedSessions}) AND session_id NOT IN (SELECT session_id FROM spans
      WHERE project_id = {project_id:String} AND session_id IN (${stagedSessions}) LIMIT 100000000)))`;

const indexSql = `ALTER TABLE trace_index DELETE WHERE project_id = {project_id:String}
  AND trace_id IN (SELECT trace_id FROM (${stagedCalls})) AND trace_id NOT IN (${left})`;

const restoreSql = `INSERT INTO trace_index (project_id, trace_id, first_at, last_at)
  SELECT project_id, trace_id, min(started_at) AS first_at, max(ended_at) AS last_at
  FROM spans WHERE project_id = {project_id:String} AND trace_id IN (SELECT trace_id FROM (${stagedCalls}))
  GROUP BY project_id, trace_id LIMIT 100000000`;

const keepSql = `INSERT INTO erasures (project_id, job_id, kind, trace_id, span_id, digest, request_id, started_at)
  SELECT DISTINCT {project_id:String}, {job_id:String}, 'kept', '', '', digest, '', fromUnixTimestamp64Nano(0, 'UTC')
  FROM (SELECT arrayJoin(content_digests) AS digest FROM spans WHERE project_id = {project_id:String} LIMIT 10000000000)
  WHERE digest IN (${stagedContents}) LIMIT 100000000`;

const where = `project_id = {project_id:String} AND stored_at < fromUnixTimestamp64Milli({stored_ms:Int64}, 'UTC')
  AND digest IN (${stagedContents}) AND digest NOT IN (${keptContents})`;

const goneSql = `SELECT count() AS contents, sum(bytes) AS bytes FROM (
    SELECT digest, max(length(content)) AS bytes FROM contents WHERE ${where} GROUP BY digest) LIMIT 1`;

const contentsSql = `ALTER TABLE contents DELETE WHERE ${where}`;
