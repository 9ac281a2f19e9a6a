import type { AlertMetric } from '@app/contract';
import type { CallMeasures, MeasureQuestion } from '@app/store';

/** How a metric that is measured on calls is read. */
export type CallMetric = {
  /** Undefined where the calls do not tell. */
  read: (measures: CallMeasures) => number | undefined;
  /** Which subjects come first where there are more than can be looked at. */
  order: MeasureQuestion['order'];
  /** What no calls amount to; undefined where that says nothing. */
  ofNothing: 0 | undefined;
  /** `{value}` is what was measured. */
  sentence: string;
  write: (value: number) => string;
};

const percentOf = (part: number, calls: number) => (calls === 0 ? undefined : (100 * part) / calls);
const milliseconds = (value: number) => `${grouped(Math.round(value))} ms`;
const percent = (value: number) => `${trimmed(value, 1)} %`;

export const callMetrics: { readonly [metric in AlertMetric]?: CallMetric } = {
  spend: {
    read: ({ nanos }) => nanos / 1e9,
    order: 'nanos',
    ofNothing: 0,
    sentence: '{value} were spent',
    write: writeDollars,
  },
  calls: {
    read: ({ calls }) => calls,
    order: 'calls',
    ofNothing: 0,
    sentence: '{value} calls were made',
    write: grouped,
  },
  tokens: {
    read: ({ tokens }) => tokens,
    order: 'tokens',
    ofNothing: 0,
    sentence: '{value} tokens were used',
    write: grouped,
  },
  error_rate: {
    read: ({ failed, calls }) => percentOf(failed, calls),
    order: 'calls',
    ofNothing: undefined,
    sentence: '{value} of the calls failed',
    write: percent,
  },
  refusal_rate: {
    read: ({ refused, calls }) => percentOf(refused, calls),
    order: 'calls',
    ofNothing: undefined,
    sentence: '{value} of the calls were refused',
    write: percent,
  },
  latency_p50: latency(({ p50Ms }) => p50Ms, 'half of the calls took {value} or more'),
  latency_p95: latency(({ p95Ms }) => p95Ms, 'one call in 20 took {value} or more'),
  latency_p99: latency(({ p99Ms }) => p99Ms, 'one call in 100 took {value} or more'),
  ttft_p95: latency(
    ({ ttft95Ms }) => ttft95Ms,
    'one streamed call in 20 had its first part after {value} or more',
  ),
};

function latency(read: CallMetric['read'], sentence: string): CallMetric {
  return { read, order: 'calls', ofNothing: undefined, sentence, write: milliseconds };
}

/** US dollars as people read them: to the cent, and finer where that would be nothing. */
export function writeDollars(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return `$${grouped(Number(value.toFixed(digits)), digits)}`;
}

export function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function trimmed(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toString();
}
