import type { Score } from '@app/contract';

export const scoreColumns = `score_id, trace_id, span_id, session_id, name, value, text_value, comment, source,
    author, at`;

export type ScoreRow = {
  [name in 'score_id' | 'trace_id' | 'span_id' | 'session_id' | 'name' | 'text_value' | 'comment']: string;
} & { value: number | null; source: Score['source']; author: string; at: string };

export function readScore(row: ScoreRow): Score {
  return {
    id: row.score_id,
    trace_id: row.trace_id || null,
    span_id: row.span_id || null,
    session_id: row.session_id || null,
    name: row.name,
    value: readValue(row),
    comment: row.comment || null,
    source: row.source,
    author: row.author || null,
    at: row.at,
  };
}

/** Yes and no are stored as 1 and 0 beside their words, so that they can be averaged. */
function readValue({ value, text_value: text }: ScoreRow): Score['value'] {
  if (value === null) return text;
  return text === 'true' || text === 'false' ? text === 'true' : value;
}
