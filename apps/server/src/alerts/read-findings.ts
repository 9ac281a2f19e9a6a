import type { CallMeasures, StoredAlert } from '@app/store';
import { callMetrics } from './alert-metrics.ts';
import type { Finding, Findings } from './judge-alert.ts';
import type { PlannedRule } from './plan-questions.ts';

/** Calls that were refused because they had no good key: of the installation, not of a project. */
export type Keyless = { calls: number };

/** What a rule's own rows of an answer say of it. */
export function readFindings(
  { rule, overall }: PlannedRule,
  answer: readonly CallMeasures[],
  keyless: Keyless | undefined,
): Findings {
  const place = rule.projectId ?? '';
  const here = answer.filter(({ projectId }) => projectId === place);
  const total = withKeyless(
    here.find(({ kind, subject }) => kind === overall.kind && subject === overall.subject),
    keyless,
  );
  const whole = findingOf(rule, { subject: '', measures: total });
  if (rule.per === 'all') {
    return { found: whole === undefined ? [] : [whole], overall: whole?.value, hasData: whole !== undefined };
  }
  const found = here
    .filter(({ kind }) => kind === rule.per)
    .flatMap((measures) => findingOf(rule, { subject: measures.subject, measures }) ?? []);
  return { found, overall: whole?.value, hasData: found.length > 0 || whole !== undefined };
}

/** Undefined where there are too few calls for what the metric says. */
function findingOf(
  rule: StoredAlert,
  { subject, measures }: { subject: string; measures: CallMeasures | undefined },
): Finding | undefined {
  const metric = callMetrics[rule.metric];
  if (metric === undefined || rule.threshold === undefined) return undefined;
  const calls = measures?.calls ?? 0;
  if (metric.ofNothing === undefined && calls < rule.callsMin) return undefined;
  const value = measures === undefined ? metric.ofNothing : metric.read(measures);
  if (value === undefined) return undefined;
  const isBreach = rule.direction === 'above' ? value > rule.threshold : value < rule.threshold;
  return { subject, value, calls, isBreach };
}

function withKeyless(
  measures: CallMeasures | undefined,
  keyless: Keyless | undefined,
): CallMeasures | undefined {
  if (keyless === undefined || keyless.calls === 0) return measures;
  const { calls } = keyless;
  const known = measures ?? { ...nothing };
  return {
    ...known,
    calls: known.calls + calls,
    refused: known.refused + calls,
    failed: known.failed + calls,
  };
}

const nothing: CallMeasures = {
  projectId: '',
  kind: 'all',
  subject: '',
  subjects: 1,
  calls: 0,
  failed: 0,
  refused: 0,
  tokens: 0,
  nanos: 0,
  p50Ms: 0,
  p95Ms: 0,
  p99Ms: 0,
  ttft95Ms: undefined,
};
