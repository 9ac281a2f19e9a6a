import type { Overview, OverviewRange } from '@app/contract';
import type { Clickhouse, Parameters } from '../open-clickhouse.ts';
import { writeMoney } from '../write-money.ts';

export type OverviewQuestion = {
  range: OverviewRange;
  mode?: 'live' | 'test' | undefined;
  environment?: string | undefined;
  /** Epoch milliseconds of the range's end. */
  nowMs: number;
};

const minuteS = 60;
const hourS = 60 * minuteS;

/** Buckets begin at multiples of their length since 1970; the last one is still filling. */
const ranges: Readonly<Record<OverviewRange, { bucketS: number; bucketCount: number }>> = {
  '1h': { bucketS: minuteS, bucketCount: 60 },
  '24h': { bucketS: hourS / 2, bucketCount: 48 },
  '7d': { bucketS: 3 * hourS, bucketCount: 56 },
  '30d': { bucketS: 12 * hourS, bucketCount: 60 },
};

const modelsMax = 8;

/** The overview of a project's calls: the range that ends now beside the range of the same length before it. */
export function readOverview(clickhouse: Clickhouse) {
  return async (projectId: string, question: OverviewQuestion): Promise<Overview> => {
    const { bucketS, bucketCount } = ranges[question.range];
    const firstS = (Math.floor(question.nowMs / 1000 / bucketS) - bucketCount + 1) * bucketS;
    const fromMs = firstS * 1000;
    const beforeMs = fromMs - (question.nowMs - fromMs);
    const scope = {
      ...filterParameters(question),
      project_id: projectId,
      before_nanos: nanos(beforeMs),
      from_nanos: nanos(fromMs),
      to_nanos: nanos(question.nowMs),
      bucket_s: bucketS,
    };
    const where = filterSql(question);
    const [figures, spends] = await Promise.all([
      clickhouse.rows<FiguresRow>(figuresSql(where), scope),
      clickhouse.rows<SpendRow>(spendsSql(where), scope),
    ]);
    const times = Array.from({ length: bucketCount }, (_, index) => firstS + index * bucketS);
    return {
      from: new Date(fromMs).toISOString(),
      to: new Date(question.nowMs).toISOString(),
      ...readFigures(figures[0]),
      spend_by_model: { times, series: readSeries(times, spends) },
    };
  };
}

function filterSql({ mode, environment }: OverviewQuestion): string {
  const conditions = [`project_id = {project_id:String} AND kind = 'call'`];
  if (mode !== undefined) conditions.push('mode = {mode:String}');
  if (environment !== undefined) conditions.push('environment = {environment:String}');
  return conditions.join(' AND ');
}

function filterParameters({ mode, environment }: OverviewQuestion): Parameters {
  return { ...(mode === undefined ? {} : { mode }), ...(environment === undefined ? {} : { environment }) };
}

const inBefore = `started_at < fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')`;
const inRange = `started_at >= fromUnixTimestamp64Nano({from_nanos:Int64}, 'UTC')`;
const sinceBefore = `started_at >= fromUnixTimestamp64Nano({before_nanos:Int64}, 'UTC')`;
const untilNow = `started_at <= fromUnixTimestamp64Nano({to_nanos:Int64}, 'UTC')`;

type FiguresRow = { [name in `${'now' | 'before'}_${'calls' | 'failed' | 'nanos'}`]: string } & {
  now_p99_us: number | null;
  before_p99_us: number | null;
};

const figuresSql = (where: string) => `SELECT
    countIf(${inRange}) AS now_calls, countIf(${inRange} AND outcome = 'failed') AS now_failed,
    sumIf(cost_nanos, ${inRange}) AS now_nanos, quantileTDigestIf(0.99)(duration_us, ${inRange}) AS now_p99_us,
    countIf(${inBefore}) AS before_calls, countIf(${inBefore} AND outcome = 'failed') AS before_failed,
    sumIf(cost_nanos, ${inBefore}) AS before_nanos, quantileTDigestIf(0.99)(duration_us, ${inBefore}) AS before_p99_us
  FROM spans FINAL WHERE ${where} AND ${sinceBefore} AND ${untilNow} LIMIT 1`;

type SpendRow = { model: string; bucket: string; nanos: string };

/** The bound leaves room for 800 models in each of 60 buckets; what costs least would be left out first. */
const spendsSql = (where: string) => `SELECT model,
    intDiv(toUnixTimestamp(started_at), {bucket_s:UInt32}) * {bucket_s:UInt32} AS bucket, sum(cost_nanos) AS nanos
  FROM spans FINAL WHERE ${where} AND model != '' AND ${inRange} AND ${untilNow}
  GROUP BY model, bucket ORDER BY nanos DESC, model LIMIT 48000`;

function readFigures(
  row: FiguresRow | undefined,
): Pick<Overview, 'spend' | 'latency_p99_ms' | 'traces' | 'error_rate'> {
  const now = { calls: Number(row?.now_calls ?? 0), failed: Number(row?.now_failed ?? 0) };
  const before = { calls: Number(row?.before_calls ?? 0), failed: Number(row?.before_failed ?? 0) };
  // Without a call before there is nothing to compare with.
  const compared = <T>(value: T): T | null => (before.calls === 0 ? null : value);
  return {
    spend: { now: writeMoney(row?.now_nanos ?? '0'), before: compared(writeMoney(row?.before_nanos ?? '0')) },
    latency_p99_ms: {
      now: now.calls === 0 ? 0 : (row?.now_p99_us ?? 0) / 1000,
      before: compared((row?.before_p99_us ?? 0) / 1000),
    },
    traces: { now: now.calls, before: compared(before.calls) },
    error_rate: {
      now: now.calls === 0 ? 0 : now.failed / now.calls,
      before: compared(before.failed / before.calls),
    },
  };
}

type Series = Overview['spend_by_model']['series'];

/** The models that cost most, dearest first, and what all others cost together as `other`. */
function readSeries(times: readonly number[], spends: readonly SpendRow[]): Series {
  const byModel = new Map<string, { nanos: bigint[]; total: bigint }>();
  const places = new Map(times.map((time, index) => [time, index]));
  for (const { model, bucket, nanos: text } of spends) {
    const place = places.get(Number(bucket));
    const spent = byModel.get(model) ?? { nanos: times.map(() => 0n), total: 0n };
    byModel.set(model, spent);
    if (place === undefined) continue;
    spent.nanos[place] = BigInt(text);
    spent.total += BigInt(text);
  }
  const models = [...byModel]
    .map(([model, spent]) => ({ model, ...spent }))
    .sort((a, b) => Number(b.total - a.total) || (a.model < b.model ? -1 : 1));
  const others = models.slice(modelsMax);
  const shown = models.slice(0, modelsMax);
  if (others.length > 0) shown.push(sumOf('other', times, others));
  return shown.map(({ model, nanos: values, total }) => ({
    model,
    usd: values.map((value) => Number(value) / 1e9),
    total: writeMoney(total),
  }));
}

type Spent = { model: string; nanos: bigint[]; total: bigint };

function sumOf(model: string, times: readonly number[], parts: readonly Spent[]): Spent {
  return {
    model,
    nanos: times.map((_, place) => parts.reduce((sum, part) => sum + (part.nanos[place] ?? 0n), 0n)),
    total: parts.reduce((sum, part) => sum + part.total, 0n),
  };
}

function nanos(epochMs: number): string {
  return `${Math.max(0, Math.trunc(epochMs))}000000`;
}
