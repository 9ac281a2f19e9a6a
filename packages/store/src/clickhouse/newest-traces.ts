import type { Filter } from './filter/compile-filter.ts';
import { andAll, parametersOf } from './filter/field-filters.ts';
import type { Clickhouse, Parameters } from './open-clickhouse.ts';
import { type BegunTrace, placesOf } from './queries/summarize-traces.ts';

export type NewestTracesQuestion = {
  projectId: string;
  /** What at least one span of a trace has to be. */
  filters: readonly Filter[];
  rowCount: number;
  /** `begun_from`, `begun_to`, `seen_to`, and after a page `after_nanos` and `after_trace`. */
  bounds: Parameters;
  isAfter: boolean;
  /** Nothing is read where fewer than `rowCount` traces match: a wider look follows. */
  isWhole: boolean;
};

type Candidate = { trace_id: string; seen_nanos: string };

const spare = 30;
const growth = 6;
const candidatesMax = 10_000;

/**
 * The newest traces, found by the spans that match, whichever version of them: a trace began no later than its first span
 * that does. Of those few it is looked up when they began, and whether a newest version matches. Undefined where
 * more would have to be looked at than are looked at one by one.
 */
export async function readNewestTraces(
  clickhouse: Clickhouse,
  question: NewestTracesQuestion,
): Promise<BegunTrace[] | undefined> {
  const { projectId, filters, rowCount, bounds, isWhole } = question;
  const scope = { ...parametersOf(filters), ...bounds, project_id: projectId };
  for (let count = 2 * rowCount + spare; count <= candidatesMax; count *= growth) {
    const found = await clickhouse.rows<Candidate>(seenSql(question), { ...scope, candidates: count });
    const isAll = found.length < count;
    if (found.length === 0 || (isAll && !isWhole && found.length < rowCount)) return [];
    const begun = await clickhouse.rows<BegunTrace>(begunSql(question), {
      ...scope,
      trace_ids: found.map((row) => row.trace_id).join(','),
    });
    const last = isAll ? undefined : found.at(-1);
    // A trace that began before the last candidate was seen may have others before it.
    const known = begun.filter(
      (row) => last === undefined || BigInt(row.first_nanos) > BigInt(last.seen_nanos),
    );
    if (!isAll && known.length < rowCount) continue;
    const matching: BegunTrace[] = [];
    for (let from = 0; from < known.length && matching.length < rowCount; from += rowCount)
      matching.push(...(await listMatching(clickhouse, question, known.slice(from, from + rowCount))));
    if (isAll || matching.length >= rowCount) return matching.slice(0, rowCount);
  }
  return undefined;
}

/** Without a filter a span is enough; with one its newest version has to match. */
async function listMatching(
  clickhouse: Clickhouse,
  { projectId, filters }: NewestTracesQuestion,
  traces: BegunTrace[],
): Promise<BegunTrace[]> {
  if (filters.length === 0 || traces.length === 0) return traces;
  const { where, parameters } = placesOf(traces);
  const rows = await clickhouse.rows<{ trace_id: string }>(matchingSql(where(''), filters), {
    ...parametersOf(filters),
    ...parameters,
    project_id: projectId,
  });
  const ids = new Set(rows.map((row) => row.trace_id));
  return traces.filter((trace) => ids.has(trace.trace_id));
}

/** Without a filter the first span that is seen is the trace's own first, unless it began before the bounds. */
const seenSql = ({ filters, isAfter }: NewestTracesQuestion) => `SELECT trace_id,
    toUnixTimestamp64Nano(min(started_at)) AS seen_nanos
  FROM spans WHERE project_id = {project_id:String} ${andAll(filters)}
    AND started_at >= fromUnixTimestamp64Nano({begun_from:Int64}, 'UTC')
    AND started_at <= fromUnixTimestamp64Nano({seen_to:Int64}, 'UTC')
  GROUP BY trace_id
  ${isAfter ? 'HAVING (seen_nanos, trace_id) < ({after_nanos:Int64}, {after_trace:String})' : ''}
  ORDER BY seen_nanos DESC, trace_id DESC LIMIT {candidates:UInt32}`;

const listed = `(SELECT arrayJoin(splitByChar(',', {trace_ids:String})) AS id LIMIT ${candidatesMax})`;

const begunSql = ({ isAfter }: NewestTracesQuestion) => `SELECT trace_id,
    toUnixTimestamp64Nano(min(first_at)) AS first_nanos, toUnixTimestamp64Nano(max(last_at)) AS last_nanos
  FROM trace_index WHERE project_id = {project_id:String} AND trace_id IN ${listed}
  GROUP BY trace_id
  HAVING first_nanos >= {begun_from:Int64} AND first_nanos <= {begun_to:Int64}
    ${isAfter ? 'AND (first_nanos, trace_id) < ({after_nanos:Int64}, {after_trace:String})' : ''}
  ORDER BY first_nanos DESC, trace_id DESC LIMIT ${candidatesMax}`;

const matchingSql = (where: string, filters: readonly Filter[]) => `SELECT DISTINCT trace_id FROM spans FINAL
  PREWHERE project_id = {project_id:String} AND ${where}
  WHERE started_at >= fromUnixTimestamp64Nano({first_nanos:Int64}, 'UTC')
    AND started_at <= fromUnixTimestamp64Nano({last_nanos:Int64}, 'UTC')
    ${andAll(filters)} LIMIT ${candidatesMax}`;
