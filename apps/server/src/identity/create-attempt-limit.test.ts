import { expect, test } from 'vitest';
import { createAttemptLimit } from './create-attempt-limit.ts';

const rule = { window: 60, max: 3 };

test('tries beyond the limit are refused until the window ends, and say how long to wait', async () => {
  let now = 1_000;
  const limit = createAttemptLimit(() => now);
  for (let n = 0; n < 3; n += 1) expect(await limit.consume('a', rule)).toMatchObject({ allowed: true });
  now += 45_500;
  expect(await limit.consume('a', rule)).toEqual({ allowed: false, retryAfter: 15 });
  now += 14_500;
  expect(await limit.consume('a', rule)).toMatchObject({ allowed: true });
});

test('one address does not use up the tries of another', async () => {
  const limit = createAttemptLimit(() => 0);
  for (let n = 0; n < 5; n += 1) await limit.consume('a', rule);
  expect(await limit.consume('b', rule)).toMatchObject({ allowed: true });
});

test('a hundred tries at once count a hundred times', async () => {
  const limit = createAttemptLimit(() => 0);
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => limit.consume('a', rule)));
  expect(outcomes.filter((outcome) => outcome.allowed)).toHaveLength(3);
});
