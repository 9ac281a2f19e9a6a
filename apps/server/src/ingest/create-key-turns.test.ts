import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { createKeyTurns } from './create-key-turns.ts';

test('a key has as many requests at once as it may, and a place that is given back twice is one place', () => {
  const turns = createKeyTurns();
  const key = { keyId: 'key_1', concurrencyMax: 2 };
  const [first, second] = [turns.take(key), turns.take(key)];
  expect(turns.take(key)).toMatchObject({ code: 'concurrency_limit_exceeded', status: 429 });
  expect(turns.take({ keyId: 'key_2', concurrencyMax: 2 })).toBeTypeOf('function');
  if (first instanceof GatewayError || second instanceof GatewayError) throw first;
  first();
  first();
  expect(turns.take(key)).toBeTypeOf('function');
  expect(turns.take(key)).toBeInstanceOf(GatewayError);
});

test('a key without a bound is never refused', () => {
  const turns = createKeyTurns();
  for (let count = 0; count < 1_000; count += 1)
    expect(turns.take({ keyId: 'k', concurrencyMax: Number.POSITIVE_INFINITY })).toBeTypeOf('function');
});
