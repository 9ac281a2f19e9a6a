import type { AnomalyKind, AnomalyMetric, HourlyRow } from '@app/store';
import {
  amountOf,
  amountsOf,
  anomalyMetrics,
  ENDS_BELOW,
  type Hours,
  isUnusual,
  type Judged,
  judgeHours,
  median,
} from './judge-hours.ts';

export type Subject = { kind: AnomalyKind; id: string };

/** Whose part in what is unusual is how large, in the metric's unit. */
export type Contribution = Subject & { value: number };

/** Something unusual, with what had the largest part in it. */
export type Unusual = { subject: Subject; judged: Judged; contributions: Contribution[] };

export type UnusualInput = {
  /** The last hour and the earlier ones, of the project and its largest keys, users and models. */
  rows: readonly HourlyRow[];
  /** What is an anomaly already, as `nameOf` writes it: it ends later than it began. */
  current: ReadonlySet<string>;
};

/** What names an anomaly among those of a project. */
export function nameOf(metric: AnomalyMetric, { kind, id }: Subject): string {
  return `${metric}/${kind}/${id}`;
}

/**
 * What of a project's last hour is not as usual. Where the whole project is unusual in a metric, its keys, users and models
 * are named as what contributed, and are no anomalies of their own beside it.
 */
export function findUnusual({ rows, current }: UnusualInput): Unusual[] {
  const subjects = groupRows(rows);
  return anomalyMetrics.flatMap((metric) => {
    const unusual = subjects.flatMap(({ subject, hours }): Unusual[] => {
      const judged = judgeHours(metric, hours);
      if (judged === undefined) return [];
      const bound = current.has(nameOf(metric, subject)) ? ENDS_BELOW : undefined;
      if (!isUnusual(subject.kind, judged, bound)) return [];
      return [{ subject, judged, contributions: contributionsTo(subject, judged, subjects) }];
    });
    const whole = unusual.find(({ subject }) => subject.kind === 'project');
    if (whole === undefined) return unusual;
    return unusual.filter(
      ({ subject, judged }) =>
        subject.kind === 'project' ||
        current.has(nameOf(metric, subject)) ||
        Math.sign(judged.score) !== Math.sign(whole.judged.score),
    );
  });
}

const CONTRIBUTIONS_MAX = 5;

type Grouped = { subject: Subject; hours: Hours };

function groupRows(rows: readonly HourlyRow[]): Grouped[] {
  const groups = new Map<string, { subject: Subject; hours: Map<number, HourlyRow> }>();
  // A project is looked at also in an hour in which nobody called.
  groups.set('project/', { subject: { kind: 'project', id: '' }, hours: new Map() });
  for (const row of rows) {
    const name = `${row.kind}/${row.subject}`;
    const group = groups.get(name) ?? { subject: { kind: row.kind, id: row.subject }, hours: new Map() };
    group.hours.set(row.hourBefore, row);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Who differs most from its own usual hour, in the same direction as the project. */
function contributionsTo(subject: Subject, judged: Judged, all: readonly Grouped[]): Contribution[] {
  if (subject.kind !== 'project') return [];
  const sign = Math.sign(judged.score);
  return all
    .filter(({ subject: other }) => other.kind !== 'project')
    .flatMap(({ subject: other, hours }) => {
      const value = differenceOf(judged, hours);
      return value === undefined || value * sign <= 0 ? [] : [{ ...other, value }];
    })
    .sort((a, b) => sign * (b.value - a.value) || (a.id < b.id ? -1 : 1))
    .slice(0, CONTRIBUTIONS_MAX);
}

/** By how much a subject's last hour differs from its own usual one; of errors, in failed calls of all calls. */
function differenceOf({ metric, basis }: Judged, hours: Hours): number | undefined {
  if (metric === 'errors') {
    const failed = hours.get(0)?.failed ?? 0;
    return failed - median(basis.hours.map((hour) => hours.get(hour)?.failed ?? 0));
  }
  const value = amountOf(metric, hours.get(0));
  if (value === undefined) return undefined;
  const known = Number.POSITIVE_INFINITY;
  return value - median(amountsOf(metric, hours, { wanted: basis.hours, known }));
}
