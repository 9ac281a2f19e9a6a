import type { Score } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readScore, type ScoreRow, scoreColumns } from '../score-row.ts';

/** Stores a score; one of the same id about the same trace is replaced. `version` rises with every change of it. */
export function insertScore(clickhouse: Clickhouse) {
  return async (projectId: string, score: Score, version: number): Promise<void> => {
    const { value } = score;
    const row = {
      project_id: projectId,
      trace_id: score.trace_id ?? '',
      span_id: score.span_id ?? '',
      session_id: score.session_id ?? '',
      score_id: score.id,
      version,
      name: score.name,
      value: typeof value === 'string' ? null : Number(value),
      text_value: typeof value === 'number' ? '' : String(value),
      comment: score.comment ?? '',
      source: score.source,
      author: score.author ?? '',
      at: score.at,
    };
    const ndjson = Buffer.from(`${JSON.stringify(row)}\n`);
    await clickhouse.insert('scores', { ndjson, token: `score-${score.id}-${version}` });
  };
}

/** A score by its id, or `undefined`. */
export function findScore(clickhouse: Clickhouse) {
  return async (projectId: string, id: string): Promise<Score | undefined> => {
    const [row] = await clickhouse.rows<ScoreRow>(scoreSql, { project_id: projectId, score_id: id });
    return row === undefined ? undefined : readScore(row);
  };
}

/** A score that is deleted is read no more; it leaves the disk with the next merge. */
export function deleteScore(clickhouse: Clickhouse) {
  return (projectId: string, id: string): Promise<void> =>
    clickhouse.write(deleteSql, { project_id: projectId, score_id: id });
}

const scoreSql = `SELECT ${scoreColumns} FROM scores FINAL
  WHERE project_id = {project_id:String} AND score_id = {score_id:String} ORDER BY at DESC LIMIT 1`;

const deleteSql =
  'DELETE FROM scores WHERE project_id = {project_id:String} AND score_id = {score_id:String}';
