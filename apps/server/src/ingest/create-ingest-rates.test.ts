import { expect, test } from 'vitest';
import { createIngestRates } from './create-ingest-rates.ts';

function openRates() {
  let now = 1_000_000;
  const rates = createIngestRates({ spansPerMinuteMax: 600, bytesPerMinuteMax: 6_000, nowMs: () => now });
  const admit = (keyId = 'key_a', requestsPerMinuteMax = 60) => rates.admit({ keyId, requestsPerMinuteMax });
  return { rates, admit, pass: (ms: number) => (now += ms) };
}

test('a key may send what its minute holds, and as much again as has passed since', () => {
  const { admit, pass } = openRates();
  for (let sent = 0; sent < 60; sent += 1) expect(admit()).toBeUndefined();
  expect(admit()).toMatchObject({ status: 429, detail: { retryAfterS: 1 } });
  pass(2_000);
  expect([admit(), admit()]).toEqual([undefined, undefined]);
  expect(admit()).toMatchObject({ code: 'rate_limit_exceeded' });
});

test('what a batch holds is charged when it is known, and the wait says how long it takes to drain', () => {
  const { rates, admit, pass } = openRates();
  expect(admit()).toBeUndefined();
  rates.charge('key_a', { spans: 900, bytes: 10 });
  expect(admit()).toMatchObject({
    message: expect.stringContaining('600 spans'),
    detail: { retryAfterS: 30 },
  });
  pass(30_001);
  expect(admit()).toBeUndefined();
  rates.charge('key_a', { spans: 1, bytes: 60_000 });
  // Longer waits are told as the longest that a sender is asked for.
  expect(admit()).toMatchObject({
    message: expect.stringContaining('6000 bytes'),
    detail: { retryAfterS: 59 },
  });
});

test('one key never waits for another, and a key without a limit never waits', () => {
  const { rates, admit } = openRates();
  expect(admit('key_a', 1)).toBeUndefined();
  expect(admit('key_a', 1)).toMatchObject({ status: 429 });
  expect(admit('key_b', 1)).toBeUndefined();
  for (let sent = 0; sent < 1_000; sent += 1)
    expect(admit('key_c', Number.POSITIVE_INFINITY)).toBeUndefined();
  rates.charge('nobody', { spans: 1, bytes: 1 });
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const { admit, pass } = openRates();
  expect(admit('key_a', 1)).toBeUndefined();
  pass(-600_000);
  expect(admit('key_a', 1)).toMatchObject({ status: 429 });
  pass(601_000 + 59_000);
  expect(admit('key_a', 1)).toBeUndefined();
});
