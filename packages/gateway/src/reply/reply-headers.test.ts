import { validateHeaderValue } from 'node:http';
import { GatewayError } from '@app/protocol';
import { aTarget } from '@app/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorHeaders, headerValue, openAiDuration, routedHeaders, usdOf } from './reply-headers.ts';

test('any text becomes a header value that Node takes and that stays on its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
      const value = headerValue(text);
      expect(() => validateHeaderValue('x-test', value)).not.toThrow();
      expect(value).toMatch(/^[\x20-\x7e]{0,512}$/);
    }),
    { numRuns: 500, seed: 7 },
  );
  expect(headerValue('a\r\nset-cookie: b')).toBe('a__set-cookie: b');
  expect(headerValue('gpt-4o mini')).toBe('gpt-4o mini');
});

test('losses are a list of bounded length', () => {
  const losses = Array.from({ length: 40 }, (_, at) => ({
    path: `field_${at},x`,
    why: 'unsupported' as const,
  }));
  const headers = routedHeaders({ target: aTarget(), mode: 'pinned', attempts: 1, losses });
  const paths = (headers['x-tokenrouter-losses'] ?? '').split(', ');
  expect(paths).toHaveLength(17);
  expect(paths[0]).toBe('field_0_x');
  expect(paths[16]).toBe('...');
});

test('a cost is a plain decimal of dollars, exact to the nano', () => {
  const figures: [number, string][] = [
    [0, '0'],
    [1, '0.000000001'],
    [1_230_000, '0.00123'],
    [1_000_000_000, '1'],
    [12_345_678_901, '12.345678901'],
    [Number.MAX_SAFE_INTEGER, '9007199.254740991'],
  ];
  for (const [nanos, usd] of figures) expect(usdOf(nanos)).toBe(usd);
});

test('a wait is told in the form of OpenAI', () => {
  const waits: [number, string][] = [
    [0, '0ms'],
    [16.2, '17ms'],
    [1_000, '1s'],
    [1_540, '1.6s'],
    [59_990, '1m0s'],
    [60_000, '1m0s'],
    [119_960, '2m0s'],
    [360_000, '6m0s'],
  ];
  for (const [ms, text] of waits) expect(openAiDuration(ms)).toBe(text);
});

test('an error says whether and when a retry can help', () => {
  expect(errorHeaders(new GatewayError('rate_limit_exceeded', 'Wait.', { retryAfterS: 3 }))).toEqual({
    'retry-after': '3',
  });
  expect(errorHeaders(new GatewayError('not_found', 'No.', { retryable: false }))).toEqual({
    'x-should-retry': 'false',
  });
  expect(errorHeaders(new GatewayError('overloaded', 'Busy.'))).toEqual({});
});
