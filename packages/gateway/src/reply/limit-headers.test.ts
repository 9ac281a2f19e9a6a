import { aBudget, aLimit } from '@app/testkit';
import { expect, test } from 'vitest';
import type { Count, Limit } from '../limits/limit.ts';
import { limitHeaders } from './limit-headers.ts';

function count(changes: Partial<Limit>, counted: Partial<Count> = {}): Count {
  const limit = aLimit(changes);
  const found = { used: 1, resetMs: 1_000, retryAfterMs: 0, isExceeded: false };
  return { limit, subject: '', max: limit.max, ...found, ...counted };
}

test('the limit with least left is shown, of requests and of tokens', () => {
  const headers = limitHeaders([
    count({ max: 100 }, { used: 10 }),
    count({ max: 50, period: 'hour' }, { used: 20, resetMs: 90_000 }),
    count({ measure: 'tokens', max: 9_000 }, { used: 1_000, resetMs: 86_400_000 }),
    count({ measure: 'input_tokens', max: 9_000 }, { used: 10 }),
  ]);
  expect(headers).toEqual({
    'x-ratelimit-limit-requests': '50',
    'x-ratelimit-remaining-requests': '30',
    'x-ratelimit-reset-requests': '1m30s',
    'x-ratelimit-limit-tokens': '9000',
    'x-ratelimit-remaining-tokens': '8000',
    'x-ratelimit-reset-tokens': '24h0m0s',
  });
});

test('limits that only watch, money and calls under way are not shown, and less than nothing is left of none', () => {
  const money = { ...count({}), limit: aBudget() };
  expect(limitHeaders([count({ enforcement: 'shadow' }), money])).toEqual({});
  expect(limitHeaders([count({ measure: 'concurrency', period: undefined })])).toEqual({});
  expect(limitHeaders([count({ max: 5 }, { used: 9 })])['x-ratelimit-remaining-requests']).toBe('0');
});

test('of two with as much left, the one that takes longer is shown', () => {
  const headers = limitHeaders([count({}, { resetMs: 500 }), count({}, { resetMs: 700 })]);
  expect(headers['x-ratelimit-reset-requests']).toBe('700ms');
});
