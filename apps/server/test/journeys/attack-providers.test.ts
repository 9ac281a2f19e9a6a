import type { OidcForgery } from '@app/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import {
  beginLogin,
  comeBack,
  EVIL,
  errorOf,
  IDP,
  type LoginServers,
  openLoginServers,
} from '../open-login-servers.ts';
import { type OpenIdentity, openTestIdentity } from '../open-test-identity.ts';

let server: OpenIdentity;
let servers: LoginServers;
let browser: Browser;
let honest: Record<string, unknown>;
const ADA = 'ada@example.com';

beforeAll(async () => {
  servers = await openLoginServers();
  server = await openTestIdentity({
    allowPrivateHosts: ['127.0.0.1'],
    settings: { providers: servers.providers },
  });
  honest = { sub: 'ada-of-idp', email: ADA, email_verified: true, name: 'Ada' };
  servers.idp.claims = honest;
  await server.makePerson(ADA);
  const owner = await server.signIn(ADA);
  const linked = await comeBack(owner, servers.idp.authorize(await beginLogin(owner, 'idp', 'link-social')));
  expect(linked).toBe('/traces');
});
afterAll(async () => {
  await server.close();
  await servers.close();
});
beforeEach(() => {
  server.advance(61_000);
  browser = server.openBrowser();
  servers.idp.forge(undefined);
  servers.idp.claims = honest;
  servers.evil.claims = { ...honest };
  servers.evil.forge(undefined);
});
afterEach(async () => expect(server.internalErrors).toEqual([]));

const isSignedIn = async (who = browser) => (await who.get('/api/v1/session')).statusCode === 200;
const begin = () => beginLogin(browser, 'idp');
const changed = (address: string, name: string, value: string | undefined) => {
  const url = new URL(address);
  url.searchParams.delete(name);
  if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
};

test('the same flow without an attack signs in, so that what follows fails for its attack alone', async () => {
  expect(await comeBack(browser, servers.idp.authorize(await begin()))).toBe('/traces');
  expect(await isSignedIn()).toBe(true);
});

describe('the state of a flow', () => {
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['made up', 'x'.repeat(32)],
  ])('that is %s signs nobody in', async (_, state) => {
    const back = changed(servers.idp.authorize(await begin()), 'state', state);
    expect(['state_not_found', 'state_mismatch']).toContain(errorOf(await comeBack(browser, back)));
    expect(await isSignedIn()).toBe(false);
  });

  test('that was begun in another browser signs nobody in here: no sign-in can be forced on somebody', async () => {
    const back = servers.idp.authorize(await begin());
    const victim = server.openBrowser();
    expect(errorOf(await comeBack(victim, back))).toBe('state_mismatch');
    expect(await isSignedIn(victim)).toBe(false);
  });

  test('is good once: neither it nor its code can be replayed', async () => {
    const url = await begin();
    const back = servers.idp.authorize(url);
    await comeBack(browser, back);
    await browser.post('/api/auth/sign-out', {});
    expect(errorOf(await comeBack(browser, back))).toBe('state_mismatch');
    // A fresh state with the old code: the provider takes no code twice.
    const code = new URL(back).searchParams.get('code') ?? '';
    const again = changed(servers.idp.authorize(await begin()), 'code', code);
    expect(errorOf(await comeBack(browser, again))).toBe('invalid_code');
    expect(await isSignedIn()).toBe(false);
  });

  test('goes with a cookie that scripts cannot read and other sites do not send along', async () => {
    const reply = await browser.post('/api/auth/sign-in/social', { provider: 'idp' });
    expect(reply.cookies.length).toBeGreaterThan(0);
    for (const cookie of reply.cookies) {
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    }
  });
});

describe('a code', () => {
  test('that was given to another flow is not taken: PKCE binds it to this one', async () => {
    const stolen = new URL(servers.idp.authorize(await beginLogin(server.openBrowser(), 'idp')));
    const back = changed(servers.idp.authorize(await begin()), 'code', stolen.searchParams.get('code') ?? '');
    expect(errorOf(await comeBack(browser, back))).toBe('invalid_code');
    expect(await isSignedIn()).toBe(false);
  });

  test('is asked for with a challenge by SHA-256 always; a browser cannot take it away', async () => {
    for (const more of [
      { additionalParams: { code_challenge_method: 'plain' } },
      { scopes: ['repo'] },
      { pkce: false },
    ]) {
      const reply = await browser.post('/api/auth/sign-in/social', { provider: 'idp', ...more });
      expect(reply.statusCode).toBe(400);
    }
    const url = new URL(await begin());
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('nonce')).toMatch(/^[\w-]{32}$/);
  });

  test('of one provider at the callback of another signs nobody in (mix-up)', async () => {
    const tricked = new URL(servers.evil.authorize(await beginLogin(browser, 'evil')));
    tricked.pathname = '/api/auth/callback/idp';
    tricked.searchParams.delete('iss');
    expect(errorOf(await comeBack(browser, tricked.href))).toBe('invalid_code');
    // The honest provider gives a code to the flow that the hostile one began, challenge and all.
    const url = new URL(await beginLogin(browser, 'evil'));
    url.searchParams.set('redirect_uri', 'http://localhost:4000/api/auth/callback/idp');
    const asked = servers.askedIdp().filter((path) => path.startsWith('/token')).length;
    expect(errorOf(await comeBack(browser, servers.idp.authorize(url.href)))).toBe('invalid_code');
    expect(servers.askedIdp().filter((path) => path.startsWith('/token'))).toHaveLength(asked);
    expect(await isSignedIn()).toBe(false);
  });

  test('whose answer names another issuer signs nobody in (RFC 9207)', async () => {
    const back = changed(servers.idp.authorize(await begin()), 'iss', 'https://attacker.example');
    expect(errorOf(await comeBack(browser, back))).toBe('issuer_mismatch');
  });
});

const past = Math.floor(Date.now() / 1_000) - 3_600;
const forgeries: readonly (readonly [string, OidcForgery])[] = [
  ['signed with another key', { signedBy: 'stranger' }],
  ['of an algorithm called none', { signedBy: 'nobody', header: { alg: 'none' } }],
  ['of none, with a signature that is there', { header: { alg: 'none' } }],
  ['signed with the client secret', { signedBy: 'client-secret', header: { alg: 'HS256' } }],
  [
    'signed with the public key as if it were a secret',
    { signedBy: 'public-key-as-secret', header: { alg: 'HS256' } },
  ],
  ['signed with a key that it brings along', { signedBy: 'stranger', header: { kid: 'mine', jwk: {} } }],
  ['for another client', { claims: { aud: EVIL.clientId } }],
  [
    'for several clients, and made for another',
    { claims: { aud: [IDP.clientId, EVIL.clientId], azp: EVIL.clientId } },
  ],
  [
    'for several clients, without saying for which it was made',
    { claims: { aud: [IDP.clientId, EVIL.clientId] } },
  ],
  ['of another issuer', { claims: { iss: 'https://attacker.example' } }],
  ['that is over', { claims: { iat: past - 300, exp: past } }],
  ['that never ends', { claims: { exp: undefined } }],
  ['with the nonce of another flow', { claims: { nonce: 'n'.repeat(32) } }],
  ['without a nonce', { claims: { nonce: undefined } }],
  ['about nobody', { claims: { sub: undefined } }],
];

describe('an id token', () => {
  test.each(forgeries)('%s signs nobody in', async (_, forgery) => {
    servers.idp.forge(forgery);
    expect(errorOf(await comeBack(browser, servers.idp.authorize(await begin())))).toBe(
      'unable_to_get_user_info',
    );
    expect(await isSignedIn()).toBe(false);
  });

  test('of a hostile provider cannot speak for a person of another one', async () => {
    // The same subject and the same address, vouched for: it is still another provider.
    expect(errorOf(await comeBack(browser, servers.evil.authorize(await beginLogin(browser, 'evil'))))).toBe(
      'account_not_linked',
    );
  });

  test('that a browser brings along is not taken at all', async () => {
    const reply = await browser.post('/api/auth/sign-in/social', {
      provider: 'idp',
      idToken: { token: 'a.b.c' },
    });
    expect(reply.statusCode).toBe(400);
  });

  test('is not asked about by a user info that is somebody else’s', async () => {
    servers.idp.claims = { sub: 'ada-of-idp' };
    servers.idp.userInfo = { sub: 'somebody-else', email: ADA, email_verified: true };
    expect(errorOf(await comeBack(browser, servers.idp.authorize(await begin())))).toBe(
      'unable_to_get_user_info',
    );
  });
});

describe('where a browser is sent', () => {
  test.each([
    'https://attacker.example/',
    '//attacker.example',
    '/\\attacker.example',
    '\\\\attacker.example',
    'javascript:alert(1)',
    'http://localhost:4000.attacker.example/',
    'http://localhost:4000@attacker.example/',
    '/\t/attacker.example',
    '/%0d%0aset-cookie: a=b\r\n',
    'traces',
    '',
  ])('afterwards is a path of ours, and %j is refused', async (path) => {
    for (const field of ['callbackURL', 'errorCallbackURL']) {
      const body = { provider: 'idp', [field]: path };
      expect((await browser.post('/api/auth/sign-in/social', body)).statusCode).toBe(400);
      expect((await browser.post('/api/auth/link-social', body)).statusCode).toBe(400);
    }
  });

  test('when a provider refuses tells its code and none of its words', async () => {
    const state = new URL(await begin()).searchParams.get('state');
    const query = `error=access_denied&error_description=Call+0800+555&error_uri=https://attacker.example&state=${state}`;
    const location = await comeBack(browser, `http://localhost:4000/api/auth/callback/idp?${query}`);
    expect(location).toBe('/sign-in?error=access_denied');
    const next = new URL(await begin()).searchParams.get('state');
    const sentence = encodeURIComponent('Your account is locked. Call 0800 555');
    expect(
      await comeBack(browser, `http://localhost:4000/api/auth/callback/idp?error=${sentence}&state=${next}`),
    ).toBe('/sign-in?error=provider_error');
  });

  test('for a provider that nobody configured is nowhere', async () => {
    expect((await browser.post('/api/auth/sign-in/social', { provider: 'google' })).statusCode).toBe(404);
  });
});

test('a session that was planted in a browser is not the one that a sign-in goes on with (fixation)', async () => {
  const attacker = await server.signIn(ADA);
  const planted = [...attacker.cookies];
  for (const [name, value] of planted) browser.cookies.set(name, value);
  await comeBack(browser, servers.idp.authorize(await begin()));
  for (const [name, value] of planted) {
    if (name.endsWith('session_token')) expect(browser.cookies.get(name)).not.toBe(value);
  }
});

describe('asking a provider', () => {
  test('reaches no private address that the operator did not list, and says nothing of what is there', async () => {
    const asked = servers.askedIdp().length;
    const strict = await openTestIdentity({ settings: { providers: servers.providers } });
    try {
      for (const provider of ['idp', 'evil']) {
        const reply = await strict.openBrowser().post('/api/auth/sign-in/social', { provider });
        expect([reply.statusCode, reply.json().error.code]).toEqual([503, 'store_unavailable']);
        expect(reply.body).not.toContain('127.0.0.1');
      }
      expect(servers.askedIdp()).toHaveLength(asked);
      expect(strict.warnings[0]).toContain('idp');
      expect(strict.internalErrors).toEqual([]);
    } finally {
      await strict.close();
    }
  });

  test.each(['token_endpoint', 'jwks_uri'])(
    'follows no discovery document to a private address by its %s',
    async (name) => {
      const { discovery } = servers.evil;
      const fresh = await openTestIdentity({
        allowPrivateHosts: ['127.0.0.1'],
        settings: { providers: servers.providers },
      });
      const honestUrl = discovery[name];
      discovery[name] = 'http://169.254.169.254/latest/meta-data';
      try {
        const visitor = fresh.openBrowser();
        const back = servers.evil.authorize(await beginLogin(visitor, 'evil'));
        expect(['invalid_code', 'unable_to_get_user_info']).toContain(errorOf(await comeBack(visitor, back)));
        expect(fresh.internalErrors).toEqual([]);
      } finally {
        discovery[name] = honestUrl;
        await fresh.close();
      }
    },
  );

  test('takes no discovery document of another issuer', async () => {
    const { discovery } = servers.evil;
    const fresh = await openTestIdentity({
      allowPrivateHosts: ['127.0.0.1'],
      settings: { providers: servers.providers },
    });
    const honestIssuer = discovery.issuer;
    discovery.issuer = 'https://accounts.google.com';
    try {
      expect(
        (await fresh.openBrowser().post('/api/auth/sign-in/social', { provider: 'evil' })).statusCode,
      ).toBe(503);
    } finally {
      discovery.issuer = honestIssuer;
      await fresh.close();
    }
  });
});
