import type { Filter } from './filter/compile-filter.ts';
import { andAll, parametersOf } from './filter/field-filters.ts';
import { atListedSpans, listSpans, type SpanPlace } from './listed-spans.ts';
import type { Clickhouse } from './open-clickhouse.ts';
import { type SummaryRow, summaryColumns } from './span-row.ts';

export type NewestSpansQuestion = {
  projectId: string;
  /** What a span has to be, bounds of its start included. */
  filters: readonly Filter[];
  rowCount: number;
  /** Nothing is read where fewer than `rowCount` rows match: a wider look follows. */
  isWhole: boolean;
};

type Candidate = SpanPlace & { started_nanos: string };

/** How many versions are looked at first, and by how much more of them then. A span mostly has one or two. */
const spare = 9;
const growth = 6;
/** Beyond these, all versions are merged instead. */
const candidatesMax = 10_000;

/**
 * The newest spans whose newest version matches. Merging versions costs most where it is done for all that is looked
 * through, so matching versions are found first by the few columns that tell, and only their spans are merged and read.
 */
export async function readNewestSpans(
  clickhouse: Clickhouse,
  question: NewestSpansQuestion,
): Promise<SummaryRow[]> {
  const { projectId, filters, rowCount, isWhole } = question;
  const scope = { ...parametersOf(filters), project_id: projectId, row_count: rowCount };
  for (let count = rowCount + spare; count <= candidatesMax; count *= growth) {
    const found = await clickhouse.rows<Candidate>(candidatesSql(filters), { ...scope, candidates: count });
    const isAll = found.length < count;
    if (found.length === 0 || (isAll && !isWhole && found.length < rowCount)) return [];
    const rows = await clickhouse.rows<SummaryRow>(rowsOfSql(filters), { ...scope, ...listSpans(found) });
    if (isAll) return rows;
    const last = found.at(-1);
    // What comes after the last candidate may not be the next one.
    const known = last === undefined ? rows : rows.filter((row) => compare(row, last) >= 0);
    if (known.length >= rowCount) return known;
  }
  return clickhouse.rows<SummaryRow>(mergedSql(filters), scope);
}

/** In the order of a list, the newer is the greater. */
function compare(a: Place, b: Place): number {
  if (a.started_nanos !== b.started_nanos) return BigInt(a.started_nanos) < BigInt(b.started_nanos) ? -1 : 1;
  if (a.trace_id !== b.trace_id) return a.trace_id < b.trace_id ? -1 : 1;
  return a.span_id === b.span_id ? 0 : a.span_id < b.span_id ? -1 : 1;
}

type Place = { started_nanos: string; trace_id: string; span_id: string };

const newestFirst = 'ORDER BY started_at DESC, trace_id DESC, span_id DESC';

/** Any version: one that was replaced is left out when its span is read. */
const candidatesSql = (filters: readonly Filter[]) => `SELECT trace_id, span_id,
    toUnixTimestamp64Nano(started_at) AS started_nanos, toUnixTimestamp(toStartOfHour(started_at)) AS hour_s
  FROM spans WHERE project_id = {project_id:String} ${andAll(filters)}
  ${newestFirst} LIMIT {candidates:UInt32}`;

const rowsOfSql = (filters: readonly Filter[]) => `SELECT ${summaryColumns} FROM spans FINAL
  PREWHERE project_id = {project_id:String} AND ${atListedSpans}
  WHERE project_id = {project_id:String} ${andAll(filters)} ${newestFirst} LIMIT {row_count:UInt32}`;

const mergedSql = (filters: readonly Filter[]) => `SELECT ${summaryColumns} FROM spans FINAL
  WHERE project_id = {project_id:String} ${andAll(filters)} ${newestFirst} LIMIT {row_count:UInt32}`;
