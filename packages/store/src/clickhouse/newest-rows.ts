import type { TraceSearch } from '@app/contract';
import { nanosOf } from './nanos.ts';
import type { Clickhouse } from './open-clickhouse.ts';
import { parseTraceCursor } from './trace-cursor.ts';

export type NewestQuestion<Row> = {
  projectId: string;
  search: Pick<TraceSearch, 'from' | 'to' | 'cursor'>;
  rowCount: number;
  /** At most `rowCount` rows that match, newest first; with `since` only of what began from then on, in nanoseconds. */
  read(bounds: { since: bigint | undefined; upper: bigint }): Promise<Row[]>;
};

const hourNanos = 3_600_000_000_000n;
const windowsNanos = [hourNanos, 24n * hourNanos, 7n * 24n * hourNanos];

/**
 * The newest rows that match. Most pages are full after the last hour, the last day or the last week before their
 * newest row, so these are tried before everything is read; a full page of a window is a page of everything.
 */
export async function readNewestRows<Row>(
  clickhouse: Clickhouse,
  { projectId, search, rowCount, read }: NewestQuestion<Row>,
): Promise<Row[]> {
  const upper = await findUpperBound(clickhouse, projectId, search);
  if (upper === undefined) return [];
  const from = search.from === undefined ? 0n : BigInt(nanosOf(search.from));
  for (const windowNanos of windowsNanos) {
    const since = upper - windowNanos;
    if (since <= from) break;
    const rows = await read({ since, upper });
    if (rows.length === rowCount) return rows;
  }
  return read({ since: undefined, upper });
}

/** Where the first window ends: at the cursor, at the search's own end, or within the newest hour that has a span. */
async function findUpperBound(
  clickhouse: Clickhouse,
  projectId: string,
  { cursor, to }: Pick<TraceSearch, 'to' | 'cursor'>,
): Promise<bigint | undefined> {
  if (cursor !== undefined) return BigInt(parseTraceCursor(cursor).startedNanos);
  if (to !== undefined) return BigInt(nanosOf(to));
  const [row] = await clickhouse.rows<{ started_nanos: string }>(newestHourSql, { project_id: projectId });
  return row === undefined ? undefined : BigInt(row.started_nanos);
}

/** In the order of the table's key, so that a few rows are read. */
const newestHourSql = `SELECT toUnixTimestamp64Nano(started_at) AS started_nanos FROM spans
  WHERE project_id = {project_id:String} ORDER BY project_id DESC, toStartOfHour(started_at) DESC LIMIT 1`;
