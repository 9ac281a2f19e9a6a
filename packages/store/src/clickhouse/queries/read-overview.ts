import type { Overview, OverviewRange } from '@app/contract';
import type { Filter } from '../filter/compile-filter.ts';
import { fieldFilters, parametersOf } from '../filter/field-filters.ts';
import { familySlotS } from '../hour-sums.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import {
  bucketKey,
  findHours,
  type Sums,
  sumsParameters,
  sumsSql,
  sumsWithin,
  withoutSums,
} from '../read-sums.ts';
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
    const filters = fieldFilters({ mode: question.mode, environment: question.environment });
    const [begin, middle, end] = [nanos(beforeMs), nanos(fromMs), nanos(question.nowMs) + 1n];
    const hours = await findHours(clickhouse, projectId, { from: begin, to: end });
    const now = sumsWithin(hours, { from: middle, to: end });
    const before = sumsWithin(hours, { from: begin, to: middle });
    const scope = { ...parametersOf(filters), project_id: projectId, bucket_s: bucketS };
    // What is asked minute by minute is shorter than what is added up.
    const spent = bucketS < familySlotS.model ? withoutSums(now) : now;
    const [figures, figuresBefore, spends] = await Promise.all([
      clickhouse.rows<FiguresRow>(figuresSql(now, filters), { ...scope, ...sumsParameters(now) }),
      clickhouse.rows<FiguresRow>(figuresSql(before, filters), { ...scope, ...sumsParameters(before) }),
      clickhouse.rows<SpendRow>(spendsSql(spent, filters), { ...scope, ...sumsParameters(spent) }),
    ]);
    const times = Array.from({ length: bucketCount }, (_, index) => firstS + index * bucketS);
    return {
      from: new Date(fromMs).toISOString(),
      to: new Date(question.nowMs).toISOString(),
      ...readFigures(figures[0], figuresBefore[0]),
      spend_by_model: { times, series: readSeries(times, spends) },
    };
  };
}

type FiguresRow = { [name in 'calls' | 'failed' | 'nanos']: string } & { p99_us: number | null };

const figuresSql = (
  sums: Sums,
  filters: readonly Filter[],
) => `SELECT sum(calls) AS calls, sum(failed) AS failed,
    sum(nanos) AS nanos, quantileTDigestMerge(0.99)(latency) AS p99_us
  FROM ${sumsSql(sums, { family: 'model', keys: [], columns: ['calls', 'failed', 'nanos', 'latency'], filters })} LIMIT 1`;

type SpendRow = { model: string; bucket: string; nanos: string };

const spendKeys = [{ name: 'model' }, bucketKey('{bucket_s:UInt32}')];

/** The bound leaves room for 800 models in each of 60 buckets; what costs least would be left out first. */
const spendsSql = (sums: Sums, filters: readonly Filter[]) => `SELECT model, bucket, sum(nanos) AS nanos
  FROM ${sumsSql(sums, { family: 'model', keys: spendKeys, columns: ['nanos'], filters })}
  WHERE model != '' GROUP BY model, bucket ORDER BY nanos DESC, model LIMIT 48000`;

function readFigures(
  row: FiguresRow | undefined,
  past: FiguresRow | undefined,
): Pick<Overview, 'spend' | 'latency_p99_ms' | 'traces' | 'error_rate'> {
  const now = { calls: Number(row?.calls ?? 0), failed: Number(row?.failed ?? 0) };
  const before = { calls: Number(past?.calls ?? 0), failed: Number(past?.failed ?? 0) };
  // Without a call before there is nothing to compare with.
  const compared = <T>(value: T): T | null => (before.calls === 0 ? null : value);
  return {
    spend: { now: writeMoney(row?.nanos ?? '0'), before: compared(writeMoney(past?.nanos ?? '0')) },
    latency_p99_ms: {
      now: now.calls === 0 ? 0 : (row?.p99_us ?? 0) / 1000,
      before: compared((past?.p99_us ?? 0) / 1000),
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

function nanos(epochMs: number): bigint {
  return BigInt(Math.max(0, Math.trunc(epochMs))) * 1_000_000n;
}
