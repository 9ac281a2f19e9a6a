import type { ScoreList, ScoreSearch } from '@app/contract';
import { parseGroupCursor, writeGroupCursor } from '../group-cursor.ts';
import { nanosOf } from '../nanos.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readScore, type ScoreRow, scoreColumns } from '../score-row.ts';

/** Scores, newest first. */
export function listScores(clickhouse: Clickhouse) {
  return async (projectId: string, search: ScoreSearch): Promise<ScoreList> => {
    const limit = Math.min(Math.max(Math.trunc(search.limit), 1), 200);
    const after = search.cursor === undefined ? undefined : parseGroupCursor(search.cursor);
    const rows = await clickhouse.rows<ScoreRow & { at_nanos: string }>(scoresSql(conditionsOf(search)), {
      project_id: projectId,
      row_count: limit + 1,
      ...(search.trace_id !== undefined && { trace_id: search.trace_id }),
      ...(search.session_id !== undefined && { session_id: search.session_id }),
      ...(search.name !== undefined && { name: search.name }),
      ...(search.from !== undefined && { from_nanos: nanosOf(search.from) }),
      ...(search.to !== undefined && { to_nanos: nanosOf(search.to) }),
      ...(after !== undefined && { after_nanos: after.rank, after_id: after.id }),
    });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      data: rows.slice(0, limit).map(readScore),
      next_cursor: last === undefined ? null : writeGroupCursor({ rank: last.at_nanos, id: last.score_id }),
    };
  };
}

const atNanos = `toUnixTimestamp64Milli(at) * 1000000`;

function conditionsOf(search: ScoreSearch): string {
  const conditions = [
    search.trace_id !== undefined && 'AND trace_id = {trace_id:String}',
    search.session_id !== undefined && 'AND session_id = {session_id:String}',
    search.name !== undefined && 'AND name = {name:String}',
    search.from !== undefined && `AND ${atNanos} >= {from_nanos:Int64}`,
    search.to !== undefined && `AND ${atNanos} < {to_nanos:Int64}`,
    search.cursor !== undefined && `AND (${atNanos}, score_id) < ({after_nanos:Int64}, {after_id:String})`,
  ];
  return conditions.filter(Boolean).join(' ');
}

const scoresSql = (conditions: string) => `SELECT ${scoreColumns}, ${atNanos} AS at_nanos
  FROM scores FINAL WHERE project_id = {project_id:String} ${conditions}
  ORDER BY at_nanos DESC, score_id DESC LIMIT {row_count:UInt32}`;
