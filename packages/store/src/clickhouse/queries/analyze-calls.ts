import type { Analysis, AnalysisSearch, Dimension, Measure } from '@app/contract';
import { createSearchFilters } from '../filter/create-search-filters.ts';
import { andAll, fieldFilters, parametersOf } from '../filter/field-filters.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { familyOf, type AnalysisRow as Row, readSummed } from '../read-summed-analysis.ts';
import { findSums } from '../read-sums.ts';
import { inStretch, readStretch, type Stretch, stretchParameters, timeOfNanos } from '../stretch.ts';
import { cacheReadTokens, inputTokens, outputTokens, sumOf } from '../token-sums.ts';

export type AnalysisQuestion = Omit<AnalysisSearch, 'by' | 'measures' | 'series'> & {
  by?: readonly Dimension[] | undefined;
  measures?: readonly Measure[] | undefined;
  series?: Measure | undefined;
  nowMs: number;
};

const groupsMax = 500;
const dimensionsMax = 3;

/** What calls add up to in groups by up to three dimensions, the largest first, and in all. Costs are in dollars. */
export function analyzeCalls(clickhouse: Clickhouse) {
  return async (projectId: string, question: AnalysisQuestion): Promise<Analysis> => {
    const by = [...new Set(question.by ?? [])].slice(0, dimensionsMax);
    const limit = Math.min(Math.max(Math.trunc(question.limit), 1), groupsMax);
    const measures = [...new Set([...(question.measures ?? defaultMeasures), question.order])];
    const filters = [
      ...fieldFilters({ mode: question.mode, environment: question.environment }),
      ...(await createSearchFilters(clickhouse, projectId, { filter: question.filter })),
    ];
    const stretch = readStretch(question);
    const bucketS = bucketOf(stretch);
    const parameters = {
      ...parametersOf(filters),
      ...stretchParameters(stretch),
      project_id: projectId,
      row_count: limit + 1,
      shown_count: limit,
      bucket_s: bucketS,
    };
    const plan: Plan = { by, measures, order: question.order, where: andAll(filters) };
    const asked = { by, measures, series: question.series, bucketS };
    const isSummed = (question.filter ?? '') === '' && familyOf(asked) !== undefined;
    const sums = isSummed ? await findSums(clickhouse, projectId, stretch) : undefined;
    const [totals, groups, points] = await Promise.all(
      sums !== undefined && sums.builds.length > 0
        ? readSummed(clickhouse, { asked, order: question.order, sums, filters, parameters })
        : [
            clickhouse.rows<Row>(groupsSql({ ...plan, by: [] }), parameters),
            clickhouse.rows<Row>(groupsSql(plan), parameters),
            question.series === undefined
              ? []
              : clickhouse.rows<Row>(seriesSql(plan, question.series), parameters),
          ],
    );
    const times = question.series === undefined ? [] : timesOf(stretch, bucketS);
    return {
      from: timeOfNanos(stretch.from),
      to: timeOfNanos(stretch.to),
      total: measuresOf(totals[0], measures),
      times,
      groups: withSeries({ groups: groups.slice(0, limit), points, times, plan, series: question.series }),
      is_cut: groups.length > limit,
    };
  };
}

type Plan = { by: readonly Dimension[]; measures: readonly Measure[]; order: Measure; where: string };

const defaultMeasures: readonly Measure[] = ['calls', 'failed', 'cost', 'input_tokens', 'output_tokens'];

/** A call with several labels counts in the group of each; all other dimensions are columns of their name. */
const dimensionColumns = (dimension: Dimension): string =>
  dimension === 'tag' ? `arrayJoin(if(length(tags) = 0, [''], tags))` : `toString(${dimension})`;

const failed = `countIf(outcome = 'failed')`;
const measureColumns: Readonly<Record<Measure, string>> = {
  calls: 'count()',
  failed,
  error_rate: `${failed} / count()`,
  cost: 'sum(cost_nanos) / 1000000000',
  input_tokens: sumOf(inputTokens),
  output_tokens: sumOf(outputTokens),
  cache_read_tokens: sumOf(cacheReadTokens),
  latency_p50_ms: 'quantileTDigest(0.5)(duration_us) / 1000',
  latency_p95_ms: 'quantileTDigest(0.95)(duration_us) / 1000',
  latency_p99_ms: 'quantileTDigest(0.99)(duration_us) / 1000',
  ttft_p50_ms: 'quantileTDigest(0.5)(ttft_us) / 1000',
  ttft_p95_ms: 'quantileTDigest(0.95)(ttft_us) / 1000',
  users: `uniqIf(user_id, user_id != '')`,
  sessions: `uniqIf(session_id, session_id != '')`,
};

const fromCalls = ({ where }: Plan) => `FROM spans FINAL
  WHERE project_id = {project_id:String} AND kind = 'call' AND ${inStretch} ${where}`;

const keysOf = ({ by }: Plan) =>
  by.map((dimension, place) => `${dimensionColumns(dimension)} AS key_${place}`);
const namesOf = ({ by }: Plan) => by.map((_, place) => `key_${place}`);
const orderOf = (plan: Plan) => ['ordered DESC', ...namesOf(plan)].join(', ');
const groupBy = (names: readonly string[]) => (names.length === 0 ? '' : `GROUP BY ${names.join(', ')}`);

function groupsSql(plan: Plan): string {
  const measures = plan.measures.map((measure) => `${measureColumns[measure]} AS m_${measure}`);
  const columns = [...keysOf(plan), ...measures, `${measureColumns[plan.order]} AS ordered`];
  return `SELECT ${columns.join(', ')} ${fromCalls(plan)}
    ${groupBy(namesOf(plan))} ORDER BY ${orderOf(plan)} LIMIT {row_count:UInt32}`;
}

/** The groups that are shown are found once more, by the one measure that orders them. */
function seriesSql(plan: Plan, series: Measure): string {
  const names = namesOf(plan);
  const bucket = `intDiv(toUnixTimestamp(started_at), {bucket_s:UInt32}) * {bucket_s:UInt32} AS bucket`;
  const listed = names.join(', ');
  const columns = [...keysOf(plan), `${measureColumns[plan.order]} AS ordered`].join(', ');
  const ranked = `SELECT ${columns} ${fromCalls(plan)} ${groupBy(names)}
      ORDER BY ${orderOf(plan)} LIMIT {shown_count:UInt32}`;
  const shown = `SELECT ${listed} FROM (${ranked}) LIMIT {shown_count:UInt32}`;
  const isShown = names.length === 0 ? '' : `AND (${listed}) IN (${shown})`;
  return `SELECT ${[...keysOf(plan), bucket, `${measureColumns[series]} AS m_${series}`].join(', ')}
    ${fromCalls(plan)} ${isShown} ${groupBy([...names, 'bucket'])} ORDER BY bucket LIMIT 50000`;
}

/** A year of days at most, and mostly about sixty. */
const bucketsS = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000] as const;
const bucketCountMax = 64;

function secondsOf({ from, to }: Stretch) {
  return { fromS: Number(from / 1_000_000_000n), toS: Number((to - 1n) / 1_000_000_000n) };
}

function bucketOf(stretch: Stretch): number {
  const { fromS, toS } = secondsOf(stretch);
  const wanted = (toS - fromS) / bucketCountMax;
  return bucketsS.find((bucketS) => bucketS >= wanted) ?? Math.ceil(wanted);
}

/** Buckets begin at multiples of their length since 1970; the first and the last may be filled in part. */
function timesOf(stretch: Stretch, bucketS: number): number[] {
  const { fromS, toS } = secondsOf(stretch);
  const firstS = Math.floor(fromS / bucketS) * bucketS;
  const count = Math.max(0, Math.floor((toS - firstS) / bucketS) + 1);
  return Array.from({ length: Math.min(count, 1_000) }, (_, index) => firstS + index * bucketS);
}

function measuresOf(row: Row | undefined, measures: readonly Measure[]): Analysis['total'] {
  return Object.fromEntries(measures.map((measure) => [measure, numberOf(row?.[`m_${measure}`])]));
}

/** Whole numbers arrive as text; a quantile of nothing is no number. */
function numberOf(value: string | number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

type Shown = {
  groups: readonly Row[];
  points: readonly Row[];
  times: readonly number[];
  plan: Plan;
  series: Measure | undefined;
};

function withSeries({ groups, points, times, plan, series }: Shown): Analysis['groups'] {
  const nameOf = (row: Row) => JSON.stringify(namesOf(plan).map((name) => row[name]));
  const values = new Map<string, Map<number, number | null>>();
  for (const point of points) {
    const own = values.get(nameOf(point)) ?? new Map<number, number | null>();
    own.set(Number(point.bucket), numberOf(point[`m_${series}`]));
    values.set(nameOf(point), own);
  }
  const empty = series !== undefined && isCounted(series) ? 0 : null;
  return groups.map((row) => {
    const own = values.get(nameOf(row));
    return {
      keys: Object.fromEntries(plan.by.map((dimension, place) => [dimension, String(row[`key_${place}`])])),
      measures: measuresOf(row, plan.measures),
      ...(series !== undefined && { series: times.map((time) => own?.get(time) ?? empty) }),
    };
  });
}

/** In a bucket without calls a count is 0, and a rate or a latency is unknown. */
function isCounted(measure: Measure): boolean {
  return !measure.includes('_ms') && measure !== 'error_rate';
}
