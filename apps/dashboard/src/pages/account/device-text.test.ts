import { expect, test } from 'vitest';
import { deviceText } from './device-text.ts';

test('a device is told by program and system', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
  expect(deviceText(chrome)).toBe('Chrome on Linux');
  expect(deviceText('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1')).toBe(
    'Safari on iOS',
  );
});

test('what is unknown is shown as it is, and shortly', () => {
  expect(deviceText('x'.repeat(500))).toHaveLength(60);
  expect(deviceText(null)).toBe('An unknown program');
});
