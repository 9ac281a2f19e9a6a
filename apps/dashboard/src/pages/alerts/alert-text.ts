import type { Alert, AlertMetric, AlertScope } from '@app/contract';
import { formatCount, formatDuration, formatUsd } from '../../ui/format.ts';

export const metrics: Record<
  AlertMetric,
  { title: string; unit: 'usd' | 'count' | 'percent' | 'ms' | 'none' }
> = {
  spend: { title: 'Spend', unit: 'usd' },
  calls: { title: 'Calls', unit: 'count' },
  tokens: { title: 'Tokens', unit: 'count' },
  error_rate: { title: 'Error rate', unit: 'percent' },
  refusal_rate: { title: 'Rate of refused calls', unit: 'percent' },
  latency_p50: { title: 'Latency, median', unit: 'ms' },
  latency_p95: { title: 'Latency, 95th percentile', unit: 'ms' },
  latency_p99: { title: 'Latency, 99th percentile', unit: 'ms' },
  ttft_p95: { title: 'Time to first token, 95th percentile', unit: 'ms' },
  new_address: { title: 'A key from a new address', unit: 'none' },
  audit_event: { title: 'Something was done', unit: 'none' },
  anomaly: { title: 'Something unusual', unit: 'none' },
};

/** A value of a metric as people write it. */
export function formatMetric(metric: AlertMetric, value: number): string {
  switch (metrics[metric].unit) {
    case 'usd':
      return formatUsd(value);
    case 'percent':
      return `${Number(value.toPrecision(3))} %`;
    case 'ms':
      return formatDuration(value);
    default:
      return formatCount(value);
  }
}

/** What a rule watches, as a sentence without its end. */
export function alertText(alert: Alert): string {
  const { metric, threshold, direction, window_minutes, per, scope, actions } = alert;
  const whose = [perText[per], scopeText(scope)].filter((part) => part !== '').join(', ');
  const of = whose === '' ? '' : ` ${whose}`;
  if (metric === 'new_address') return `A key is used from a network it was never used from${of}`;
  if (metric === 'anomaly') return `Spend, errors, calls or latency are not as usual${of}`;
  if (metric === 'audit_event') {
    return actions.length === 0 ? 'Anything is done' : `One of ${actions.join(', ')}`;
  }
  const bound = threshold === null ? '' : ` ${direction} ${formatMetric(metric, threshold)}`;
  return `${metrics[metric].title}${bound} in ${spanText(window_minutes)}${of}`;
}

const perText = { all: '', key: 'of each key', user: 'of each user', model: 'of each model' };

function scopeText({ key_id, user, model, provider }: AlertScope): string {
  const parts = [
    key_id === undefined ? '' : `key ${key_id}`,
    user === undefined ? '' : `user ${user}`,
    model === undefined ? '' : model,
    provider === undefined ? '' : `at ${provider}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Minutes as people say them: `2 hours`. */
export function spanText(minutes: number): string {
  const [size, word] =
    minutes % 1_440 === 0 ? [1_440, 'day'] : minutes % 60 === 0 ? [60, 'hour'] : [1, 'minute'];
  const count = minutes / size;
  return count === 1 ? `one ${word}` : `${count} ${word}s`;
}
