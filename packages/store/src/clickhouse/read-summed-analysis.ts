import type { Dimension, Measure } from '@app/contract';
import type { Filter } from './filter/compile-filter.ts';
import { familyKeys, familySlotS, type SumColumn, type SumFamily, sumFamilies } from './hour-sums.ts';
import type { Clickhouse, Parameters } from './open-clickhouse.ts';
import { bucketKey, type Sums, sumsParameters, sumsSql } from './read-sums.ts';

export type AnalysisRow = { [column: string]: string | number | null };

type Asked = {
  by: readonly Dimension[];
  measures: readonly Measure[];
  series: Measure | undefined;
  bucketS: number;
};

type Summed = { sql: string; columns: readonly SumColumn[] };

const tokens = (column: SumColumn): Summed => ({ sql: `sum(${column})`, columns: [column] });

/** What sums tell. Who else is to be counted is asked of spans. */
const measureSums: Readonly<Partial<Record<Measure, Summed>>> = {
  calls: tokens('calls'),
  failed: tokens('failed'),
  error_rate: { sql: 'sum(failed) / sum(calls)', columns: ['failed', 'calls'] },
  cost: { sql: 'sum(nanos) / 1000000000', columns: ['nanos'] },
  input_tokens: tokens('input_tokens'),
  output_tokens: tokens('output_tokens'),
  cache_read_tokens: tokens('cache_read_tokens'),
  latency_p50_ms: { sql: 'quantileTDigestMerge(0.5)(latency) / 1000', columns: ['latency'] },
  latency_p95_ms: { sql: 'quantileTDigestMerge(0.95)(latency) / 1000', columns: ['latency'] },
  latency_p99_ms: { sql: 'quantileTDigestMerge(0.99)(latency) / 1000', columns: ['latency'] },
  ttft_p50_ms: { sql: 'quantileTDigestMerge(0.5)(ttft) / 1000', columns: ['ttft'] },
  ttft_p95_ms: { sql: 'quantileTDigestMerge(0.95)(ttft) / 1000', columns: ['ttft'] },
};

/** The family of sums that can tell what is asked, if there is one. */
export function familyOf({ by, measures, series, bucketS }: Asked): SumFamily | undefined {
  const wanted = series === undefined ? measures : [...measures, series];
  if (wanted.some((measure) => measureSums[measure] === undefined)) return undefined;
  return sumFamilies.find(
    (family) =>
      by.every((dimension) => dimension === 'environment' || familyKeys[family].includes(dimension)) &&
      (series === undefined || bucketS % familySlotS[family] === 0),
  );
}

type SummedQuestion = {
  asked: Asked;
  order: Measure;
  sums: Sums;
  filters: readonly Filter[];
  parameters: Parameters;
};

/** The answer of an analysis from sums: totals, groups, and points of a series. All three begin at once. */
export function readSummed(clickhouse: Clickhouse, question: SummedQuestion): Promise<AnalysisRow[]>[] {
  const { asked, sums } = question;
  const parameters = { ...question.parameters, ...sumsParameters(sums) };
  const read = (sql: string) => clickhouse.rows<AnalysisRow>(sql, parameters);
  return [
    read(groupsSql(question, [])),
    asked.by.length === 0 ? read(groupsSql(question, [])) : read(groupsSql(question, asked.by)),
    asked.series === undefined ? Promise.resolve([]) : read(seriesSql(question, asked.series)),
  ];
}

const sqlOf = (measure: Measure) => measureSums[measure]?.sql ?? '';

/** Groups without a call are those of users of other spans. */
function groupsSql({ asked, order, sums, filters }: SummedQuestion, by: readonly Dimension[]): string {
  const names = by.map((_, place) => `key_${place}`);
  const measures = asked.measures.map((measure) => `${sqlOf(measure)} AS m_${measure}`);
  const source = sourceOf({ asked, sums, filters, by, measures: [...asked.measures, order] });
  return `SELECT ${[...names, ...measures, `${sqlOf(order)} AS ordered`].join(', ')} FROM ${source}
    ${names.length === 0 ? '' : `GROUP BY ${names.join(', ')} HAVING sum(calls) > 0`}
    ORDER BY ${['ordered DESC', ...names].join(', ')} LIMIT {row_count:UInt32}`;
}

/** The groups that are shown are found once more, by the one measure that orders them. */
function seriesSql({ asked, order, sums, filters }: SummedQuestion, series: Measure): string {
  const { by } = asked;
  const names = by.map((_, place) => `key_${place}`);
  const listed = names.join(', ');
  const ranked = `SELECT ${[...names, `${sqlOf(order)} AS ordered`].join(', ')}
      FROM ${sourceOf({ asked, sums, filters, by, measures: [order] })} GROUP BY ${listed} HAVING sum(calls) > 0
      ORDER BY ${['ordered DESC', ...names].join(', ')} LIMIT {shown_count:UInt32}`;
  const isShown =
    names.length === 0
      ? ''
      : `WHERE (${listed}) IN (SELECT ${listed} FROM (${ranked}) LIMIT {shown_count:UInt32})`;
  return `SELECT ${[...names, 'bucket', `${sqlOf(series)} AS m_${series}`].join(', ')}
    FROM ${sourceOf({ asked, sums, filters, by, measures: [series], isSeries: true })} ${isShown}
    GROUP BY ${[...names, 'bucket'].join(', ')} HAVING sum(calls) > 0 ORDER BY bucket LIMIT 50000`;
}

type Source = Pick<SummedQuestion, 'asked' | 'sums' | 'filters'> & {
  by: readonly Dimension[];
  measures: readonly Measure[];
  isSeries?: boolean;
};

function sourceOf({ asked, sums, filters, by, measures, isSeries = false }: Source): string {
  const columns = new Set<SumColumn>(['calls']);
  for (const measure of measures)
    for (const column of measureSums[measure]?.columns ?? []) columns.add(column);
  const family = familyOf({ ...asked, by, series: isSeries ? asked.series : undefined }) ?? 'model';
  const keys = by.map((dimension, place) => {
    const sql = `toString(${dimension})`;
    return { name: `key_${place}`, built: sql, raw: sql };
  });
  const bucket = isSeries ? [bucketKey('{bucket_s:UInt32}')] : [];
  return sumsSql(sums, { family, keys: [...keys, ...bucket], columns: [...columns], filters });
}
