import type { Clickhouse } from './open-clickhouse.ts';

/** Between which nanoseconds the spans of a trace lie, as text, with what is bound to ask for them. */
export type TraceBounds = { project_id: string; trace_id: string; first_nanos: string; last_nanos: string };

/**
 * The condition that goes with bounds, after PREWHERE: the spans of one trace, found by their time. What the table is sorted
 * by is the same in every version of a span, so other columns are read for these rows alone, and merged afterwards.
 */
export const withinTrace = `project_id = {project_id:String} AND trace_id = {trace_id:String}
  WHERE started_at >= fromUnixTimestamp64Nano({first_nanos:Int64}, 'UTC')
  AND started_at <= fromUnixTimestamp64Nano({last_nanos:Int64}, 'UTC')`;

const boundsSql = `SELECT toUnixTimestamp64Nano(min(first_at)) AS first_nanos,
    toUnixTimestamp64Nano(max(last_at)) AS last_nanos, count() AS row_count
  FROM trace_index WHERE project_id = {project_id:String} AND trace_id = {trace_id:String} LIMIT 1`;

/** Undefined when the project has no such trace. */
export async function findTraceBounds(
  clickhouse: Clickhouse,
  projectId: string,
  traceId: string,
): Promise<TraceBounds | undefined> {
  const scope = { project_id: projectId, trace_id: traceId };
  const [row] = await clickhouse.rows<{ first_nanos: string; last_nanos: string; row_count: string }>(
    boundsSql,
    scope,
  );
  if (row === undefined || row.row_count === '0') return undefined;
  return { ...scope, first_nanos: row.first_nanos, last_nanos: row.last_nanos };
}
