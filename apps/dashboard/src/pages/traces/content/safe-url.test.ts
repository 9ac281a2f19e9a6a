import { expect, test } from 'vitest';
import { plainName } from './plain-name.ts';
import { safeUrl } from './safe-url.ts';

test.each([
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'JAVASCRIPT://example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example',
  'https:evil.example',
  'https://',
  'https://user:pass@evil.example',
  'https://good.example@evil.example',
  `https://example.com/${'a'.repeat(5_000)}`,
])('no click leads to %s', (url) => {
  expect(safeUrl(url)).toBeUndefined();
});

test('a page may be gone to, and its name cannot look like another', () => {
  expect(safeUrl('https://example.com/a?b=1#c')).toBe('https://example.com/a?b=1#c');
  expect(safeUrl('HTTPS://Example.com')).toBe('https://example.com/');
  expect(safeUrl('https://аpple.com/')).toBe('https://xn--pple-43d.com/');
});

test('a name is one line, shows what would not be seen, and ends', () => {
  expect(plainName('a\r\n\tb')).toBe('a b');
  expect(plainName('a\u0000\u202eb\u2066c\u200bd')).toBe('a[U+0000][U+202E]b[U+2066]c[U+200B]d');
  expect(plainName('a\u{e0041}')).toBe('a[U+E0041]');
  expect(plainName('x'.repeat(1_000))).toHaveLength(201);
  expect(plainName('\ud800')).toBe('\ufffd');
});
