import { aBudget, aLimit } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import type { Count, Limit } from '../limits/limit.ts';
import { errorHeaders } from '../reply/reply-headers.ts';
import { awayError, limitError, type Refusing } from './limit-error.ts';

const DAY_MS = 86_400_000;

function refused(changes: Partial<Limit>, count: Partial<Count> = {}, amount = 1): Refusing {
  const limit = changes.budget === undefined ? aLimit(changes) : aBudget(changes);
  const counted = { used: limit.max, resetMs: 60_000, retryAfterMs: 3_000, isExceeded: true };
  return { count: { limit, subject: '', max: limit.max, ...counted, ...count }, amount };
}

type Shown = { [name: string]: string | number } & { message: string };

function shown(...refusing: [Refusing, ...Refusing[]]): Shown {
  const { error, limitId } = limitError(refusing);
  return { code: error.code, status: error.status, message: error.message, limitId, ...errorHeaders(error) };
}

const block = { action: { kind: 'block' }, warnPercents: [], isStrict: false } as const;

describe('a refusal by a limit on', () => {
  test('requests names the limit, whose it is, and the wait', () => {
    expect(shown(refused({ max: 100 }))).toEqual({
      code: 'rate_limit_exceeded',
      status: 429,
      message: 'The limit "Team" of this project is 100 requests per minute. Try again in 3 s.',
      limitId: 'lim_1',
      'retry-after': '3',
    });
  });

  test('a key’s own requests speaks of the key', () => {
    const own = { id: 'key_1/requests', name: '', scope: { kind: 'key', id: 'key_1' } as const, max: 2 };
    expect(shown(refused(own)).message).toBe('This key may make 2 requests per minute. Try again in 3 s.');
  });

  test('tokens says what the call may take', () => {
    const found = shown(refused({ measure: 'tokens', max: 5_000 }, { used: 4_000 }, 1_200));
    expect(found).toMatchObject({ code: 'token_limit_exceeded', status: 429, 'retry-after': '3' });
    expect(found.message).toContain('5000 tokens per minute');
    expect(found.message).toContain('up to 1200');
  });

  test('calls under way asks for a second', () => {
    const found = shown(refused({ measure: 'concurrency', period: undefined, max: 4 }));
    expect(found).toMatchObject({ code: 'concurrency_limit_exceeded', status: 429, 'retry-after': '1' });
    expect(found.message).toBe(
      'The limit "Team" of this project is 4 calls under way at a time. Try again when one has ended.',
    );
  });

  test.each(['day', 'month'] as const)(
    'requests or tokens per %s is a quota, and no retry helps',
    (period) => {
      for (const measure of ['requests', 'input_tokens'] as const) {
        const found = shown(refused({ measure, period }, { resetMs: 5 * DAY_MS }));
        expect(found).toMatchObject({ code: 'quota_exceeded', status: 429, 'x-should-retry': 'false' });
        expect(found).not.toHaveProperty('retry-after');
        expect(found.message).toMatch(/^The quota "Team" of this project .* begins anew in 5 days; /);
      }
    },
  );

  test('money is 402 in dollars, whatever its period', () => {
    const found = shown(
      refused({ budget: block }, { used: 9_990_000_000, resetMs: DAY_MS, retryAfterMs: DAY_MS }, 50_000_000),
    );
    expect(found).toMatchObject({ code: 'budget_exceeded', status: 402, 'x-should-retry': 'false' });
    expect(found.message).toBe(
      'The budget "Monthly" of this project is $10 per month. $0.01 is left, and this call may cost up to $0.05. It begins anew in 24 h; its owner can raise it.',
    );
    expect(shown(refused({ budget: block, period: 'minute' }))).toMatchObject({
      code: 'budget_exceeded',
      status: 402,
      'retry-after': '3',
    });
  });

  test('money that calls under way hold says to wait for them', () => {
    const found = shown(
      refused(
        { budget: block },
        { used: 10_000_000_000, reserved: 9_000_000_000, retryAfterMs: 2_000, resetMs: 3 * DAY_MS },
        50_000_000,
      ),
    );
    expect(found).toMatchObject({ code: 'budget_exceeded', 'retry-after': '2' });
    expect(found.message).toContain('calls under way');
  });

  test('money whose owner was asked says so', () => {
    const budget = { ...block, action: { kind: 'ask' } } as const;
    const found = shown(refused({ budget }));
    expect(found).toMatchObject({ code: 'budget_exceeded', 'x-should-retry': 'false' });
    expect(found.message).toContain('owner was asked');
  });
});

test('a wait is under a minute or none: clients that try again by themselves are told which', () => {
  expect(shown(refused({ max: 1 }, { retryAfterMs: 60_000 }))['retry-after']).toBe('59');
  expect(shown(refused({ max: 1 }, { retryAfterMs: 1 }))['retry-after']).toBe('1');
  const long = shown(refused({ period: 'hour' }, { retryAfterMs: 1_200_000 }));
  expect(long).toMatchObject({ code: 'rate_limit_exceeded', 'x-should-retry': 'false' });
  expect(long.message).toContain('Try again in 20 min.');
  expect(long).not.toHaveProperty('retry-after');
});

test('what never fits is not to be tried again', () => {
  for (const refusing of [refused({ max: 0 }), refused({ measure: 'tokens', max: 10 }, {}, 11)]) {
    const found = shown(refusing);
    expect(found).toMatchObject({ 'x-should-retry': 'false' });
    expect(found.message).toContain('never fits');
  }
});

test('of several limits the one is told that keeps the call out longest, money first', () => {
  const [minute, month] = [
    refused({ id: 'lim_minute' }),
    refused({ id: 'lim_month', period: 'month' }, { retryAfterMs: DAY_MS }),
  ];
  expect(shown(minute, month)).toMatchObject({ code: 'quota_exceeded', limitId: 'lim_month' });
  expect(shown(month, refused({ budget: block, period: 'minute' })).code).toBe('budget_exceeded');
});

test('the word quota is in no other message, whatever a limit is called', () => {
  const name = 'Daily Quota';
  for (const changes of [{ name }, { name, measure: 'tokens' }, { name, budget: block }] as const)
    expect(shown(refused(changes)).message).not.toMatch(/quota/i);
  expect(awayError().message).not.toMatch(/quota/i);
});

test.each([
  [{ kind: 'user', id: '*' }, 'ann', 'the user `ann`'],
  [{ kind: 'tag', id: 'batch' }, '', 'the tag `batch`'],
  [{ kind: 'model', id: 'openai/gpt' }, '', 'the model `openai/gpt`'],
  [{ kind: 'organization', id: 'org_1' }, '', 'this organization'],
] as const)('a limit of %o is told as whose it is', (scope, subject, words) => {
  expect(shown(refused({ scope }, { subject })).message).toContain(`of ${words} is`);
});
