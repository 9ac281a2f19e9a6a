import type { AlertMetric } from '@app/contract';
import { expect, test } from 'vitest';
import { explainChange } from './explain-change.ts';

const rule = {
  metric: 'spend' as AlertMetric,
  scope: {},
  per: 'all' as const,
  direction: 'above' as const,
  threshold: 10,
  windowMinutes: 60,
  callsMin: 20,
};
const firing = {
  subject: '',
  state: 'firing' as const,
  value: 12.3,
  calls: 240,
  text: undefined,
  isTold: true,
};
const names = new Map([['key_1', 'ci "x"\n\u202e']]);

test.each([
  [{}, {}, '$12.30 were spent in the last hour; more than $10.00.'],
  [{ windowMinutes: 1_440 }, { value: 1234.5 }, '$1,234.50 were spent in the last day; more than $10.00.'],
  [{ threshold: 0.001 }, { value: 0.0042 }, '$0.0042 were spent in the last hour; more than $0.0010.'],
  [
    { metric: 'error_rate', threshold: 5, windowMinutes: 15 },
    {},
    '12.3 % of the calls failed in the last 15 minutes (of 240 calls); more than 5 %.',
  ],
  [
    { metric: 'latency_p95', threshold: 5_000, per: 'model' },
    { subject: 'gpt-x', value: 8_200 },
    'Model "gpt-x": one call in 20 took 8,200 ms or more in the last hour (of 240 calls); more than 5,000 ms.',
  ],
  [
    { metric: 'calls', direction: 'below', threshold: 100, windowMinutes: 1 },
    { value: 0 },
    '0 calls were made in the last minute; less than 100.',
  ],
  [
    { scope: { keyId: 'key_1', model: 'm' } },
    {},
    'Key "ci "x"  ", model "m": $12.30 were spent in the last hour; more than $10.00.',
  ],
  [{}, { state: 'resolved', value: 3 }, '$3.00 were spent in the last hour; no more than $10.00.'],
  [
    { metric: 'error_rate', per: 'user' },
    { state: 'resolved', value: undefined, subject: 'ann' },
    'User "ann": there are fewer than 20 calls in the last hour, too few to say.',
  ],
] as const)('%j and %j are said in words', (of, change, words) => {
  const metric = 'metric' in of ? (of.metric as AlertMetric) : rule.metric;
  expect(explainChange({ ...rule, ...of, metric }, { ...firing, ...change }, names)).toBe(words);
});
