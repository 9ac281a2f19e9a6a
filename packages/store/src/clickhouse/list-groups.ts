import type { StretchSearch } from '@app/contract';
import { escapeLike, type Filter } from './filter/compile-filter.ts';
import { createSearchFilters } from './filter/create-search-filters.ts';
import { andAll, fieldFilters, parametersOf } from './filter/field-filters.ts';
import { type GroupCursor, parseGroupCursor, writeGroupCursor } from './group-cursor.ts';
import { createGroupSums, type GroupSums, type SummedGrouping } from './group-sums.ts';
import type { Clickhouse } from './open-clickhouse.ts';
import { findSums } from './read-sums.ts';
import { inStretch, readStretch, type Stretch, stretchParameters } from './stretch.ts';
import { addUp, inputTokens, outputTokens } from './token-sums.ts';
import { writeMoney } from './write-money.ts';

export type GroupQuestion = StretchSearch & { nowMs: number };

/** How spans belong together: `id` names the group of a span, and `where` says which spans have one. */
export type Grouping = {
  id: string;
  where: string;
  columns: string;
  order: 'latest' | 'dearest';
  /** How the same is read from sums, where groups are those of a family. */
  summed?: SummedGrouping;
};

type Page<Row> = { rows: Row[]; nextCursor: string | null };

/** A list of ids is bound as one text: a character that ids do not hold; one that does is not found. */
const SEPARATOR = '\u001f';
const pageMax = 200;
const hourNanos = 3_600_000_000_000n;
const windowsNanos = [hourNanos, 24n * hourNanos];

/**
 * Groups of spans, the most lately active or the dearest first, each with what its spans add up to within a stretch of time. Which groups a
 * page holds is found first by few columns; the others are read for those alone.
 */
export async function listGroups<Row extends { id: string }>(
  clickhouse: Clickhouse,
  projectId: string,
  { question, grouping }: { question: GroupQuestion; grouping: Grouping },
): Promise<Page<Row>> {
  const limit = Math.min(Math.max(Math.trunc(question.limit), 1), pageMax);
  const filters = await filtersOf(clickhouse, { projectId, question, grouping });
  const scope = { ...parametersOf(filters), project_id: projectId, row_count: limit + 1 };
  const stretch = readStretch(question);
  const sums = await sumsOf(clickhouse, { projectId, question, grouping });
  const after = question.cursor === undefined ? undefined : parseGroupCursor(question.cursor);
  const isAfter = after !== undefined;
  const read = (since: bigint) =>
    clickhouse.rows<RankedRow>(
      sums?.rankedSql(filters, isAfter) ?? rankedSql(grouping, { filters, isAfter }),
      {
        ...scope,
        ...(sums?.parameters ?? stretchParameters({ ...stretch, from: since })),
        ...(after !== undefined && { after_rank: after.rank, after_id: after.id }),
      },
    );
  const found =
    grouping.order === 'latest'
      ? await readLatest({ stretch, after, rowCount: limit + 1 }, read)
      : await read(stretch.from);
  const shown = found.slice(0, limit);
  if (shown.length === 0) return { rows: [], nextCursor: null };
  const rows = await clickhouse.rows<Row>(sums?.totalsSql(filters) ?? totalsSql(grouping, filters), {
    ...scope,
    ...(sums?.parameters ?? stretchParameters(stretch)),
    ids: shown.map((row) => row.id).join(SEPARATOR),
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    rows: shown.flatMap(({ id }) => byId.get(id) ?? []),
    nextCursor: last === undefined ? null : writeGroupCursor({ rank: last.rank, id: last.id }),
  };
}

/** What is filtered by other columns is asked of spans, and so is a stretch of which nothing is added up. */
async function sumsOf(
  clickhouse: Clickhouse,
  { projectId, question, grouping }: { projectId: string; question: GroupQuestion; grouping: Grouping },
): Promise<GroupSums | undefined> {
  if (grouping.summed === undefined || (question.filter ?? '') !== '') return undefined;
  const sums = await findSums(clickhouse, projectId, readStretch(question));
  return sums.builds.length === 0 ? undefined : createGroupSums(sums, grouping.summed);
}

async function filtersOf(
  clickhouse: Clickhouse,
  { projectId, question, grouping }: { projectId: string; question: GroupQuestion; grouping: Grouping },
): Promise<Filter[]> {
  const { environment, filter, search } = question;
  const filters = [
    ...fieldFilters({ environment }),
    ...(await createSearchFilters(clickhouse, projectId, { filter })),
  ];
  if (search !== undefined && search !== '') {
    filters.push({
      sql: `lowerUTF8(${grouping.id}) LIKE concat('%', lowerUTF8({id_piece:String}), '%')`,
      parameters: { id_piece: escapeLike(search) },
    });
  }
  return filters;
}

type RankedRow = { id: string; rank: string };

/** A page is mostly full after the last hour or day before it; what was active there is known in full. */
async function readLatest(
  { stretch, after, rowCount }: { stretch: Stretch; after: GroupCursor | undefined; rowCount: number },
  read: (since: bigint) => Promise<RankedRow[]>,
): Promise<RankedRow[]> {
  const upper = after === undefined ? stretch.to : BigInt(after.rank);
  for (const windowNanos of windowsNanos) {
    if (upper - windowNanos <= stretch.from) break;
    const rows = await read(upper - windowNanos);
    if (rows.length === rowCount) return rows;
  }
  return read(stretch.from);
}

const ranks = {
  latest: 'toUnixTimestamp64Nano(max(started_at))',
  dearest: `sumIf(cost_nanos, kind = 'call')`,
} as const;

const rankedSql = (
  { id, where, order }: Grouping,
  { filters, isAfter }: { filters: readonly Filter[]; isAfter: boolean },
) => `SELECT ${id} AS id, ${ranks[order]} AS rank FROM spans FINAL
  WHERE project_id = {project_id:String} AND ${inStretch} AND ${where} ${andAll(filters)}
  GROUP BY id ${isAfter ? 'HAVING (rank, id) < ({after_rank:Int64}, {after_id:String})' : ''}
  ORDER BY rank DESC, id DESC LIMIT {row_count:UInt32}`;

const isCall = `kind = 'call'`;
const tokens = (columns: readonly string[]) => `sumIf(${addUp(columns)}, ${isCall})`;

/** Columns that every group has. */
export const commonColumns = `uniq(trace_id) AS traces, countIf(${isCall}) AS calls,
    countIf(${isCall} AND outcome = 'failed') AS failed, ${tokens(inputTokens)} AS input_tokens,
    ${tokens(outputTokens)} AS output_tokens, sumIf(cost_nanos, ${isCall}) AS nanos,
    min(started_at) AS first_at, max(started_at) AS last_at`;

const totalsSql = (
  { id, where, columns, order }: Grouping,
  filters: readonly Filter[],
) => `SELECT ${id} AS id,
    ${commonColumns}, ${columns}
  FROM spans FINAL
  PREWHERE project_id = {project_id:String} ${order === 'latest' ? ofGroups(id) : ''}
  WHERE project_id = {project_id:String} AND ${inStretch} AND ${where} ${andAll(filters)} AND ${isListed(id)}
  GROUP BY id LIMIT ${pageMax}`;

const isListed = (id: string) =>
  `${id} IN (SELECT arrayJoin(splitByChar('${SEPARATOR}', {ids:String})) AS each LIMIT ${pageMax})`;

/** Groups that lie close together in time are of few traces and hours, which any version of their spans tells. */
const ofGroups = (id: string) => `
    AND (toStartOfHour(started_at), trace_id) IN (SELECT toStartOfHour(started_at) AS at_hour, trace_id FROM spans
      WHERE project_id = {project_id:String} AND ${inStretch} AND ${isListed(id)} GROUP BY at_hour, trace_id LIMIT 10000000)`;

export type TotalsRow = {
  [name in 'id' | 'traces' | 'calls' | 'failed' | 'input_tokens' | 'output_tokens' | 'nanos']: string;
} & { first_at: string; last_at: string };

export function readTotals(row: TotalsRow) {
  return {
    traces: Number(row.traces),
    calls: Number(row.calls),
    failed: Number(row.failed),
    input_tokens: Number(row.input_tokens),
    output_tokens: Number(row.output_tokens),
    cost: writeMoney(row.nanos),
    first_at: row.first_at,
    last_at: row.last_at,
  };
}
