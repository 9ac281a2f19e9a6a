import { expect, test } from 'vitest';
import { findSecret } from './find-secret.ts';

test.each([
  [{ authorization: 'Bearer tr_live_a' }, 'tr_live_a'],
  [{ authorization: 'bearer  tr_live_a ' }, 'tr_live_a'],
  [{ 'x-api-key': 'tr_live_b' }, 'tr_live_b'],
  [{ 'x-goog-api-key': 'tr_live_c' }, 'tr_live_c'],
  [{ authorization: 'Bearer tr_live_a', 'x-api-key': 'tr_live_b' }, 'tr_live_a'],
  [{ 'x-api-key': 'tr_live_b', 'x-goog-api-key': 'tr_live_c' }, 'tr_live_b'],
  [{ authorization: 'Basic dXNlcjpwYXNz', 'x-api-key': 'tr_live_b' }, 'tr_live_b'],
  [{ authorization: 'Basic dXNlcjpwYXNz' }, undefined],
  [{ authorization: 'tr_live_a' }, undefined],
  [{ 'x-api-key': '' }, undefined],
  [{ cookie: 'key=tr_live_a' }, undefined],
  [{}, undefined],
])('%o presents %s', (headers, secret) => {
  expect(findSecret(headers)).toBe(secret);
});
