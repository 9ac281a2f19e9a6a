import type { LoadScope } from './merge-stored-parts.ts';
import type { Clickhouse } from './open-clickhouse.ts';

/**
 * What is said once of a trace, at whichever of its received spans, is written to those that say nothing: user, session,
 * release, the trace's name and tags, so that each span is found by them. Where spans differ, the first one counts.
 */
export async function fillTraceFacts(clickhouse: Clickhouse, scope: LoadScope): Promise<void> {
  const [known] = await clickhouse.rows<{ traces: string }>(knownSql, scope);
  if (Number(known?.traces ?? 0) === 0) return;
  const [row] = await clickhouse.rows<{ traces: string }>(lackingSql, scope);
  if (Number(row?.traces ?? 0) > 0) await clickhouse.write(fillSql, scope);
}

const ofLoad = `token = {token:String} AND project_id = {project_id:String}`;

const touched = `SELECT trace_id FROM load_touched WHERE ${ofLoad} AND what = 'trace'`;

/**
 * A trace that came whole in one batch was told of itself before it was loaded. Left are those that came in several
 * batches or in parts, and those that another load knew of: most loads have few of them, and only their spans are read.
 */
const traces = `SELECT trace_id FROM load_touched WHERE ${ofLoad} AND what IN ('trace', 'part')
      GROUP BY trace_id HAVING count() > 1 OR has(groupUniqArray(toString(what)), 'part')
    UNION DISTINCT SELECT trace_id FROM trace_index WHERE project_id = {project_id:String} AND trace_id IN (${touched})
      GROUP BY trace_id HAVING min(first_token) != {token:String} OR max(last_token) != {token:String} LIMIT 1000000`;

const knownSql = `SELECT count() AS traces FROM (${traces}) LIMIT 1`;

const received = `source != 'gateway'
      AND started_at >= (SELECT min(first_at) FROM trace_index
        WHERE project_id = {project_id:String} AND trace_id IN (${traces}) LIMIT 1)
      AND started_at <= (SELECT max(last_at) FROM trace_index
        WHERE project_id = {project_id:String} AND trace_id IN (${traces}) LIMIT 1)
      AND trace_id IN (${traces})`;

const facts = `SELECT trace_id, argMinIf(user_id, (started_at, span_id), user_id != '') AS first_user,
      argMinIf(session_id, (started_at, span_id), session_id != '') AS first_session,
      argMinIf(release, (started_at, span_id), release != '') AS first_release,
      argMinIf(trace_name, (started_at, span_id), trace_name != '') AS first_name,
      argMinIf(tags, (started_at, span_id), notEmpty(tags)) AS first_tags
    FROM spans FINAL WHERE project_id = {project_id:String} AND ${received} GROUP BY trace_id
    HAVING (first_user != '' AND countIf(user_id = '') > 0) OR (first_session != '' AND countIf(session_id = '') > 0)
      OR (first_release != '' AND countIf(release = '') > 0) OR (first_name != '' AND countIf(trace_name = '') > 0)
      OR (notEmpty(first_tags) AND countIf(empty(tags)) > 0) LIMIT 1000000`;

const lackingSql = `SELECT count() AS traces FROM (${facts}) LIMIT 1`;

const fillSql = `INSERT INTO spans SELECT s.* REPLACE (s.version + 1 AS version,
      if(s.user_id = '', f.first_user, s.user_id) AS user_id,
      if(s.session_id = '', f.first_session, s.session_id) AS session_id,
      if(s.release = '', f.first_release, s.release) AS release,
      if(s.trace_name = '', f.first_name, s.trace_name) AS trace_name,
      if(empty(s.tags), f.first_tags, s.tags) AS tags)
  FROM (SELECT * FROM spans FINAL WHERE project_id = {project_id:String} AND ${received}) AS s
  INNER JOIN (${facts}) AS f ON s.trace_id = f.trace_id
  WHERE (s.user_id = '' AND f.first_user != '') OR (s.session_id = '' AND f.first_session != '')
    OR (s.release = '' AND f.first_release != '') OR (s.trace_name = '' AND f.first_name != '')
    OR (empty(s.tags) AND notEmpty(f.first_tags)) LIMIT 1000000`;
