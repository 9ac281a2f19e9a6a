import type { AnomalyKind, AnomalyMetric, HourlyRow } from '@app/store';
import { type Basis, drawnHours, findBasis, recentHours } from './compared-hours.ts';
import { judgeValue, type Verdict } from './judge-value.ts';

/** The hours of one subject, by how many hours before the judged one they are; the judged one is 0. */
export type Hours = ReadonlyMap<number, HourlyRow>;

/** How the last hour of a subject stands in one metric. */
export type Judged = Verdict & {
  metric: AnomalyMetric;
  value: number;
  basis: Basis;
  /** Of how many earlier hours the expectation is made. */
  count: number;
  /** Oldest first. */
  history: number[];
};

export const anomalyMetrics: readonly AnomalyMetric[] = ['spend', 'errors', 'calls', 'latency'];

/** Further than this from the usual is an anomaly, and it lasts until it is within the other. */
const OPENS_AT = 4;
export const ENDS_BELOW = 2.5;

/** Rates and latencies of fewer calls say nothing. */
const CALLS_MIN = 20;
/** Of fewer earlier hours nothing can be expected. */
const COUNT_MIN = 6;
const RECENT_MIN = 3;

/** How a subject's last hour stands in a metric; undefined where nothing can be expected, or nothing was measured. */
export function judgeHours(metric: AnomalyMetric, hours: Hours): Judged | undefined {
  const value = amountOf(metric, hours.get(0));
  const known = Math.max(0, ...hours.keys());
  const basis = findBasis(known);
  if (value === undefined || basis === undefined) return undefined;
  const history = amountsOf(metric, hours, { wanted: basis.hours, known });
  if (history.length < COUNT_MIN) return undefined;
  const floor = floorOf(metric, { hours, basis, history });
  const verdict = judgeValue({ value, history, floor, already: alreadyOf(metric, hours, known) });
  return {
    ...verdict,
    low: Math.max(0, verdict.low),
    high: metric === 'errors' ? Math.min(100, verdict.high) : verdict.high,
    metric,
    value,
    basis,
    count: history.length,
    history: drawnHours.map((hour) => amountOf(metric, hours.get(hour)) ?? 0),
  };
}

/** Whether that is an anomaly. Less spent, fewer errors and faster answers are none; fewer calls are, where there were many. */
export function isUnusual(kind: AnomalyKind, { metric, score, middle }: Judged, bound = OPENS_AT): boolean {
  if (score >= bound) return true;
  const isMissed = metric === 'calls' && (kind === 'project' || kind === 'key') && middle >= MISSED_MIN;
  return isMissed && score <= -bound;
}

/** A subject with fewer calls an hour may pause without anybody's wondering. */
const MISSED_MIN = 50;

/**
 * Between which values it was at about this hour of the last two days and of a week ago, each without the outermost value.
 * So what has lasted for a day is the new usual.
 */
function alreadyOf(
  metric: AnomalyMetric,
  hours: Hours,
  known: number,
): { low: number; high: number } | undefined {
  const bounds = recentHours
    .map((wanted) => amountsOf(metric, hours, { wanted, known }).sort((a, b) => a - b))
    .filter(({ length }) => length >= RECENT_MIN)
    .map((sorted) => sorted.at(-2) ?? 0);
  if (bounds.length === 0) return undefined;
  const yesterday = amountsOf(metric, hours, { wanted: [23, 24, 25], known }).sort((a, b) => a - b);
  const yesterdayLow = yesterday[1] ?? Number.POSITIVE_INFINITY;
  return {
    // Who rests on Sundays may still be missed on a Monday: only yesterday tells what is little.
    low: yesterdayLow,
    high: Math.max(...bounds),
  };
}

/** An hour without calls is a 0 of spend and calls, and says nothing of errors and latency. */
export function amountOf(metric: AnomalyMetric, row: HourlyRow | undefined): number | undefined {
  if (metric === 'spend') return (row?.nanos ?? 0) / 1e9;
  if (metric === 'calls') return row?.calls ?? 0;
  if (row === undefined || row.calls < CALLS_MIN) return undefined;
  return metric === 'errors' ? (100 * row.failed) / row.calls : row.p95Ms;
}

type Wanted = { wanted: readonly number[]; known: number };

/** Before it was there for the first time, a subject has no values. */
export function amountsOf(metric: AnomalyMetric, hours: Hours, { wanted, known }: Wanted): number[] {
  return wanted.filter((hour) => hour <= known).flatMap((hour) => amountOf(metric, hours.get(hour)) ?? []);
}

type Given = { hours: Hours; basis: Basis; history: readonly number[] };

/** Least share of the middle that a value deviates by; a flat series does not make every step an anomaly. */
const SHARE = 0.15;
/** Below half a dollar, 4 calls, 1 percent point or 50 ms nobody wants to be woken. */
const SPEND_FLOOR = 0.5;
const CALLS_FLOOR = 4;
const ERRORS_FLOOR = 1;
const LATENCY_FLOOR_MS = 50;

/** The least deviation that counts as usual: what chance makes of so few calls, and what nobody would care about. */
function floorOf(metric: AnomalyMetric, { hours, basis, history }: Given): number {
  const middle = median(history);
  const calls = Math.max(1, median(basis.hours.map((hour) => hours.get(hour)?.calls ?? 0)));
  switch (metric) {
    case 'spend':
      return Math.max(SPEND_FLOOR, middle * (SHARE + 1 / Math.sqrt(calls)));
    case 'calls':
      return Math.max(CALLS_FLOOR, middle * SHARE, Math.sqrt(middle));
    case 'errors':
      return Math.max(ERRORS_FLOOR, binomial(middle, hours.get(0)?.calls ?? 1), fewFailures(hours));
    case 'latency':
      return Math.max(LATENCY_FLOOR_MS, middle * (SHARE + 1.5 / Math.sqrt(calls)));
  }
}

/** What chance makes of a rate, in percent; no rate is so low that it could not be one in a hundred. */
function binomial(percent: number, calls: number): number {
  const share = Math.min(0.5, Math.max(0.01, percent / 100));
  return 100 * Math.sqrt((share * (1 - share)) / Math.max(1, calls));
}

/** A failed call or two more than usual are none of anybody's business: five at least. */
function fewFailures(hours: Hours): number {
  return (100 * 5) / OPENS_AT / Math.max(1, hours.get(0)?.calls ?? 1);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? low;
  return (low + high) / 2;
}
