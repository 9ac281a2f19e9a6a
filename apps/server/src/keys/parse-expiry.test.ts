import { expect, test } from 'vitest';
import { parseExpiry } from './parse-expiry.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['90d', '2026-05-30T12:00:00.000Z'],
  ['12h', '2026-03-02T00:00:00.000Z'],
  ['30m', '2026-03-01T12:30:00.000Z'],
  ['2w', '2026-03-15T12:00:00.000Z'],
  ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00.000Z'],
  ['2027-01-31T00:00:00+02:00', '2027-01-30T22:00:00.000Z'],
  [' 1d ', '2026-03-02T12:00:00.000Z'],
])('%j is read as %s', (text, time) => {
  const expiry = parseExpiry(text, nowMs);
  expect(expiry.ok && new Date(expiry.expiresAtMs).toISOString()).toBe(time);
});

test.each(['', 'soon', '90', '0d', '-5d', '1.5d', '90y', '2027-01-31', '2027-13-01T00:00:00Z', '9999999d'])(
  '%j is refused, and the sentence shows both forms',
  (text) => {
    const expiry = parseExpiry(text, nowMs);
    expect(!expiry.ok && expiry.problem).toMatch(/2030-01-31T00:00:00Z.*90d/);
  },
);

test.each([
  ['2026-03-01T11:59:59Z', 'in the future'],
  ['2026-03-01T12:00:00Z', 'in the future'],
  ['520w', undefined],
  ['3651d', 'within ten years'],
])('the end %s of a key: %s', (text, problem) => {
  const expiry = parseExpiry(text, nowMs);
  if (problem === undefined) expect(expiry.ok).toBe(true);
  else expect(!expiry.ok && expiry.problem).toContain(problem);
});
