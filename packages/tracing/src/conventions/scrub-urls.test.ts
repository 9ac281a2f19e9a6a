import { expect, test } from 'vitest';
import { scrubUrls } from './scrub-urls.ts';

test.each([
  ['url.full', 'https://ada:pass@example.org/v1?model=x', 'https://REDACTED@example.org/v1?model=x'],
  [
    'url.full',
    'https://example.org/v1?api_key=abc&model=x',
    'https://example.org/v1?api_key=REDACTED&model=x',
  ],
  ['http.url', 'https://example.org/a?key=abc#part', 'https://example.org/a?key=REDACTED#part'],
  ['url.query', 'X-Amz-Signature=ab&X-Amz-Date=1', 'X-Amz-Signature=REDACTED&X-Amz-Date=1'],
  ['url.query', '?access_token=ab', '?access_token=REDACTED'],
  ['http.target', '/callback?code=ab&state=c', '/callback?code=REDACTED&state=c'],
  ['url.full', 'https://example.org/?a%70i_key=abc', 'https://example.org/?a%70i_key=REDACTED'],
  ['db.connection_string', 'postgres://ada:pass@db/app', 'postgres://REDACTED@db/app'],
])('%s: %s', (name, value, clean) => {
  expect(scrubUrls({ [name]: value, other: 1 })).toEqual({ [name]: clean, other: 1 });
});

test('what holds no secret is the same object', () => {
  const attributes = { 'url.full': 'https://example.org/v1?model=x', 'gen_ai.prompt': 'what is ?key=1' };
  expect(scrubUrls(attributes)).toBe(attributes);
});

test('a hostile address takes no longer than its length asks', () => {
  const hostile = { 'url.full': `https://${'a@'.repeat(100_000)}`, 'url.query': `${'%zz=&'.repeat(10_000)}` };
  const startedAt = performance.now();
  scrubUrls(hostile);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
