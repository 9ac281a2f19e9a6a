import { describe, expect, test } from 'vitest';
import { findOwnOrigin, isSameOrigin, type RequestSource, type Site } from './site.ts';

const from = (more: Partial<RequestSource>): RequestSource => ({
  host: '127.0.0.1:4000',
  origin: undefined,
  secFetchSite: undefined,
  isTls: false,
  ...more,
});
const local: Site = { publicOrigin: undefined, mode: 'development' };
const hosted: Site = { publicOrigin: 'https://router.example.com', mode: 'production' };

describe('the Host of a request', () => {
  test.each(['127.0.0.1:4000', 'localhost:4000', '[::1]:4000', '127.8.9.1'])(
    'in development the loopback name %s is ours',
    (host) => {
      expect(findOwnOrigin(local, from({ host }))).toBe(`http://${host}`);
    },
  );

  test.each([
    'attacker.example',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:4000',
    '10.0.0.1:4000',
    'user@localhost',
    'localhost/path',
    'localhost?x',
    'localhost#attacker.example',
    ':x@localhost',
    '',
    undefined,
  ])('in development %j is not ours, which stops a name that was pointed at loopback', (host) => {
    expect(findOwnOrigin(local, from({ host }))).toBeUndefined();
  });

  test('with a public URL only its host is ours, also behind a proxy that ends TLS', () => {
    expect(findOwnOrigin(hosted, from({ host: 'router.example.com' }))).toBe('https://router.example.com');
    expect(findOwnOrigin(hosted, from({ host: 'router.example.com:8443' }))).toBeUndefined();
    expect(findOwnOrigin(hosted, from({ host: 'localhost:4000' }))).toBeUndefined();
  });
});

describe('a request that changes something', () => {
  const host = 'localhost:4000';

  test.each([
    ['our own page', { host, origin: 'http://localhost:4000' }, true],
    ['a page on another port', { host, origin: 'http://localhost:5173' }, false],
    ['another loopback name', { host, origin: 'http://127.0.0.1:4000' }, false],
    ['a foreign page', { host, origin: 'https://attacker.example' }, false],
    ['a sandboxed frame', { host, origin: 'null' }, false],
    ['no Origin, same site by fetch metadata', { host, secFetchSite: 'same-origin' }, true],
    ['no Origin, another site by fetch metadata', { host, secFetchSite: 'cross-site' }, false],
    ['no Origin, a neighbour by fetch metadata', { host, secFetchSite: 'same-site' }, false],
    ['neither header', { host }, false],
    [
      'a foreign page that also claims fetch metadata',
      { host, origin: 'https://attacker.example', secFetchSite: 'same-origin' },
      false,
    ],
    [
      'a matching pair of foreign names',
      { host: 'attacker.example', origin: 'http://attacker.example' },
      false,
    ],
  ])('from %s', (_who, source, allowed) => {
    expect(isSameOrigin(local, from(source))).toBe(allowed);
  });

  test('behind TLS the origin is the public one, not the plain one of the inner connection', () => {
    const inner = { host: 'router.example.com' };
    expect(isSameOrigin(hosted, from({ ...inner, origin: 'https://router.example.com' }))).toBe(true);
    expect(isSameOrigin(hosted, from({ ...inner, origin: 'http://router.example.com' }))).toBe(false);
  });
});
