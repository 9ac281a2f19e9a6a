import type { LoadScope } from './merge-stored-parts.ts';
import type { Clickhouse } from './open-clickhouse.ts';

/**
 * Of a call that went through the gateway and that its caller told us of too, the gateway's own row is counted. The
 * caller's becomes one that was only seen: found by the traceparent that the gateway was given, or by the gateway's id
 * of the request, which the caller read from the reply. Whatever came first, whoever comes last finds the other.
 */
export async function markSeen(clickhouse: Clickhouse, scope: LoadScope): Promise<void> {
  const [row] = await clickhouse.rows<{ candidates: string }>(candidatesSql, scope);
  if (Number(row?.candidates ?? 0) === 0) return;
  await clickhouse.write(matchSql, scope);
  const [found] = await clickhouse.rows<{ matches: string }>(matchesSql, scope);
  if (Number(found?.matches ?? 0) > 0) await clickhouse.write(seenSql, scope);
}

const ofLoad = `token = {token:String} AND project_id = {project_id:String}`;

const traces = `SELECT trace_id FROM load_touched WHERE ${ofLoad} AND what IN ('trace', 'gateway_trace', 'part')`;

const calls = `SELECT request_id FROM load_touched WHERE ${ofLoad} AND what = 'call'`;

const candidatesSql = `SELECT sum(found) AS candidates FROM (
    SELECT count() AS found FROM gateway_calls WHERE project_id = {project_id:String} AND trace_id IN (${traces})
    UNION ALL SELECT count() AS found FROM gateway_claims
    WHERE project_id = {project_id:String} AND (trace_id IN (${traces}) OR request_id IN (${calls})))
  LIMIT 1`;

/** A sender's clock may differ from ours. */
const aroundClaims = `started_at >= (SELECT min(started_at) - INTERVAL 1 HOUR FROM gateway_claims
      WHERE project_id = {project_id:String} AND trace_id IN (${traces}))
    AND started_at <= (SELECT max(started_at) + INTERVAL 1 DAY FROM gateway_claims
      WHERE project_id = {project_id:String} AND trace_id IN (${traces}))`;

/** A name that a sender gave counts only once the gateway knows it too. */
const matchSql = `INSERT INTO load_touched (token, project_id, what, trace_id, span_id, request_id)
  SELECT {token:String}, {project_id:String}, 'match', trace_id, span_id, min(request_id) FROM (
    SELECT trace_id, parent_span_id AS span_id, request_id FROM gateway_calls
    WHERE project_id = {project_id:String} AND trace_id IN (${traces})
    UNION ALL SELECT trace_id, span_id, request_id FROM gateway_claims
    WHERE project_id = {project_id:String} AND request_id IN (${calls})
    UNION ALL SELECT trace_id, span_id, request_id FROM gateway_claims
    WHERE project_id = {project_id:String} AND trace_id IN (${traces}) AND request_id IN (
      SELECT request_id FROM spans WHERE project_id = {project_id:String} AND kind = 'call' AND source = 'gateway'
        AND ${aroundClaims} AND request_id IN (SELECT request_id FROM gateway_claims
          WHERE project_id = {project_id:String} AND trace_id IN (${traces})))
  ) GROUP BY trace_id, span_id LIMIT 1000000`;

const matches = `SELECT trace_id, span_id, min(request_id) AS gateway_id FROM load_touched
    WHERE ${ofLoad} AND what = 'match' GROUP BY trace_id, span_id`;

const within = `started_at >= (SELECT min(first_at) FROM trace_index
      WHERE project_id = {project_id:String} AND trace_id IN (SELECT trace_id FROM (${matches})) LIMIT 1)
    AND started_at <= (SELECT max(last_at) FROM trace_index
      WHERE project_id = {project_id:String} AND trace_id IN (SELECT trace_id FROM (${matches})) LIMIT 1)`;

const counted = `spans FINAL WHERE project_id = {project_id:String} AND kind = 'call' AND source != 'gateway'
      AND ${within} AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM (${matches}))`;

const matchesSql = `SELECT count() AS matches FROM ${counted} LIMIT 1`;

const seenSql = `INSERT INTO spans SELECT s.* REPLACE ('seen' AS kind, s.version + 2 AS version, toInt64(0) AS cost_nanos,
      'exact' AS cost_label, '' AS price_version,
      if(s.gateway_request_id = '', m.gateway_id, s.gateway_request_id) AS gateway_request_id)
  FROM (SELECT * FROM ${counted}) AS s
  INNER JOIN (${matches}) AS m ON s.trace_id = m.trace_id AND s.span_id = m.span_id LIMIT 1000000`;
