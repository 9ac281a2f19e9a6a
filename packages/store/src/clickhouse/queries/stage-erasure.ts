import { type CallFilter, callFilter } from '../call-filter.ts';
import type { Clickhouse } from '../open-clickhouse.ts';

/** Calls of one batch: what a deletion holds in ClickHouse's memory at a time. */
const erasureBatchCalls = 200_000;

/**
 * Names the calls and received spans of a batch, attempts and the contents they speak of. The same job again begins anew. Versions are
 * not merged before: one that matches is enough.
 */
export function stageErasure(clickhouse: Clickhouse) {
  return async (projectId: string, { jobId, ...filter }: CallFilter & { jobId: string }): Promise<number> => {
    const { sql, parameters } = callFilter(filter);
    const scope = { project_id: projectId, job_id: jobId, ...parameters };
    await clickhouse.write(dropSql, { job_id: jobId });
    await clickhouse.write(callsSql(sql), scope);
    await clickhouse.write(attemptsSql, { project_id: projectId, job_id: jobId });
    await clickhouse.write(contentsSql, { project_id: projectId, job_id: jobId });
    await clickhouse.write(sessionsSql, { project_id: projectId, job_id: jobId });
    const [row] = await clickhouse.rows<{ calls: string }>(countSql, {
      project_id: projectId,
      job_id: jobId,
    });
    return Number(row?.calls ?? 0);
  };
}

/** Forgets what a job named. */
export function endErasure(clickhouse: Clickhouse) {
  return async (jobId: string): Promise<void> => {
    await clickhouse.write(dropSql, { job_id: jobId });
  };
}

const dropSql = 'ALTER TABLE erasures DROP PARTITION {job_id:String}';

/** Both names are of one job and one project. */
export const stagedCalls = `SELECT trace_id, span_id FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'call'`;
export const stagedSpans = `SELECT trace_id, span_id FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind IN ('call', 'attempt')`;
export const stagedContents = `SELECT digest FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'content'`;
export const stagedSessions = `SELECT digest FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'session'`;
export const keptContents = `SELECT digest FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'kept'`;

const columns = '(project_id, job_id, kind, trace_id, span_id, digest, request_id, started_at)';

const callsSql = (conditions: string): string => `INSERT INTO erasures ${columns}
  SELECT DISTINCT project_id, {job_id:String}, 'call', trace_id, span_id, '',
    if(source = 'gateway', request_id, ''), started_at FROM spans
  WHERE project_id = {project_id:String} AND kind != 'attempt' AND ${conditions}
  LIMIT ${erasureBatchCalls}`;

const attemptsSql = `INSERT INTO erasures ${columns}
  SELECT DISTINCT project_id, {job_id:String}, 'attempt', trace_id, span_id, '', '', started_at FROM spans
  WHERE project_id = {project_id:String} AND kind = 'attempt' AND (trace_id, parent_span_id) IN (${stagedCalls})
  LIMIT 100000000`;

const contentsSql = `INSERT INTO erasures ${columns}
  SELECT project_id, {job_id:String}, 'content', '', '', digest, '', min(started_at) FROM (
    SELECT project_id, arrayJoin(content_digests) AS digest, started_at FROM spans
    WHERE project_id = {project_id:String} AND kind != 'attempt' AND (trace_id, span_id) IN (${stagedCalls}))
  GROUP BY project_id, digest LIMIT 100000000`;

/** Judgements of a session go with the last of its spans. */
const sessionsSql = `INSERT INTO erasures ${columns}
  SELECT DISTINCT project_id, {job_id:String}, 'session', '', '', session_id, '', fromUnixTimestamp64Nano(0, 'UTC')
  FROM spans WHERE project_id = {project_id:String} AND session_id != '' AND (trace_id, span_id) IN (${stagedCalls})
  LIMIT 1000000`;

const countSql = `SELECT count() AS calls FROM erasures
  WHERE project_id = {project_id:String} AND job_id = {job_id:String} AND kind = 'call' LIMIT 1`;
