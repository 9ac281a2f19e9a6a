import type { Filter } from './filter/compile-filter.ts';
import type { SumColumn, SumFamily } from './hour-sums.ts';
import { type Sums, sumsParameters, sumsSql } from './read-sums.ts';

/** How a list of groups is read from sums: what rows are apart by, which of them have a group, and what else it shows. */
export type SummedGrouping = {
  family: SumFamily;
  id: string;
  where: string;
  keys: readonly string[];
  columns: string;
  /** Sums that `columns` speaks of, besides those of every group. */
  reads: readonly SumColumn[];
};

export type GroupSums = {
  rankedSql(filters: readonly Filter[], isAfter: boolean): string;
  totalsSql(filters: readonly Filter[]): string;
  parameters: ReturnType<typeof sumsParameters>;
};

const idsMax = 200;
/** A list of ids is bound as one text: a character that ids do not hold. */
const SEPARATOR = '\u001f';

const common = ['calls', 'failed', 'input_tokens', 'output_tokens', 'nanos', 'first_at', 'last_at'] as const;

/** The questions of a list of groups, the dearest first, over sums. */
export function createGroupSums(sums: Sums, grouping: SummedGrouping): GroupSums {
  const { family, id, where, columns, reads } = grouping;
  const keys = grouping.keys.map((name) => ({ name }));
  const within = (sql: string): Filter => ({ sql, parameters: {} });
  return {
    parameters: sumsParameters(sums),
    rankedSql: (filters, isAfter) => `SELECT ${id} AS id, sum(nanos) AS rank
      FROM ${sumsSql(sums, { family, keys, columns: ['nanos'], filters: [...filters, within(where)] })}
      GROUP BY id ${isAfter ? 'HAVING (rank, id) < ({after_rank:Int64}, {after_id:String})' : ''}
      ORDER BY rank DESC, id DESC LIMIT {row_count:UInt32}`,
    totalsSql: (filters) => `SELECT ${id} AS id, uniqMerge(traces) AS traces, sum(sums.calls) AS calls,
        sum(sums.failed) AS failed, sum(sums.input_tokens) AS input_tokens, sum(sums.output_tokens) AS output_tokens,
        sum(sums.nanos) AS nanos, min(sums.first_at) AS first_at, max(sums.last_at) AS last_at, ${columns}
      FROM ${sumsSql(sums, {
        family,
        keys,
        columns: [...common, 'traces', ...reads],
        filters: [...filters, within(where), within(isNamed(id))],
      })} AS sums
      GROUP BY id LIMIT ${idsMax}`,
  };
}

const isNamed = (id: string) =>
  `${id} IN (SELECT arrayJoin(splitByChar('${SEPARATOR}', {ids:String})) AS each LIMIT ${idsMax})`;
