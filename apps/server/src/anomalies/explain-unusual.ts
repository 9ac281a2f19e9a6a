import type { AnomalyMetric } from '@app/store';
import { grouped, trimmed, writeDollars } from '../alerts/alert-metrics.ts';
import { quoted } from '../alerts/explain-change.ts';
import type { Contribution, Unusual } from './find-unusual.ts';

/** The name of a key, user or model as people know it. */
export type NameSubject = (subject: { kind: string; id: string }) => string;

const sentences: { readonly [metric in AnomalyMetric]: string } = {
  spend: 'were spent',
  errors: 'of the calls failed',
  calls: 'calls were made',
  latency: 'or more is what one call in 20 took',
};

/** What happened and what would be usual, in one or two sentences with their figures. */
export function explainUnusual({ subject, judged, contributions }: Unusual, name: NameSubject): string {
  const { metric, value, low, middle, high, basis, count } = judged;
  const whose = subject.kind === 'project' ? '' : `${capitalized(subject.kind)} ${quoted(name(subject))}: `;
  const write = (amount: number) => writeValue(metric, amount);
  const usual = `${basis.name} it is usually ${write(low)} to ${write(high)} (middle ${write(middle)} of ${count} earlier hours)`;
  const happened = `${whose}${write(value)} ${sentences[metric]} in the last hour; ${usual}.`;
  const part = explainPart(judged, contributions, name);
  return part === undefined ? happened : `${happened} ${part}`;
}

/** How the expectation came about. */
export function explainBasis({ judged: { basis, count } }: Unusual): string {
  return `median and median deviation of ${count} earlier hours, ${basis.name}`;
}

function writeValue(metric: AnomalyMetric, value: number): string {
  switch (metric) {
    case 'spend':
      return writeDollars(value);
    case 'errors':
      return `${trimmed(value, 1)} %`;
    case 'calls':
      return grouped(Math.round(value));
    case 'latency':
      return `${grouped(Math.round(value))} ms`;
  }
}

/** Who made the most of the difference, the first of each kind. */
function explainPart(
  { metric, value, middle }: Unusual['judged'],
  contributions: readonly Contribution[],
  name: NameSubject,
): string | undefined {
  const firsts = (['model', 'key', 'user'] as const).flatMap(
    (kind) => contributions.find((each) => each.kind === kind) ?? [],
  );
  if (firsts.length === 0) return undefined;
  if (metric === 'latency' || metric === 'errors') {
    return `Most of it is ${firsts.map((each) => `${each.kind} ${quoted(name(each))}`).join(', ')}.`;
  }
  const difference = value - middle;
  const parts = firsts.map((each) => {
    const percent = Math.min(100, Math.round((100 * each.value) / difference));
    return `${each.kind} ${quoted(name(each))} makes ${percent} % of the difference`;
  });
  return `${capitalized(parts.join(', '))}.`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
