import type { TraceSearch, TraceSummary } from '@app/contract';
import { createSearchFilters } from '../filter/create-search-filters.ts';
import { andAll, fieldFilters, parametersOf } from '../filter/field-filters.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { readSummary, type SummaryRow, summaryColumns } from '../span-row.ts';

export type FinishedQuestion = {
  search: Omit<TraceSearch, 'limit' | 'cursor' | 'from' | 'to'>;
  /** Epoch milliseconds: what ended, or came here, after this. */
  sinceMs: number;
  rowsMax: number;
};

/** What began longer ago is found in the list, not followed live. */
const begunWithinMs = 24 * 3_600_000;

/** Calls, or spans, that ended or came here since a moment; the newest of them, oldest first. */
export function listFinished(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    { search, sinceMs, rowsMax }: FinishedQuestion,
  ): Promise<TraceSummary[]> => {
    const filters = [
      ...fieldFilters(search),
      ...(await createSearchFilters(clickhouse, projectId, search)),
      ...(search.of === 'spans' ? [] : [{ sql: `kind = 'call'`, parameters: {} }]),
    ];
    const rows = await clickhouse.rows<SummaryRow>(
      `SELECT ${summaryColumns} FROM spans FINAL WHERE project_id = {project_id:String}
        AND started_at >= fromUnixTimestamp64Milli({begun_ms:Int64}, 'UTC')
        AND (ended_at > fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')
          OR received_at > fromUnixTimestamp64Milli({since_ms:Int64}, 'UTC')) ${andAll(filters)}
        ORDER BY ended_at DESC, span_id DESC LIMIT {row_count:UInt32}`,
      {
        ...parametersOf(filters),
        project_id: projectId,
        begun_ms: Math.trunc(sinceMs - begunWithinMs),
        since_ms: Math.trunc(sinceMs),
        row_count: rowsMax,
      },
    );
    return rows.map(readSummary).reverse();
  };
}
