import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { type OwnTestStore, openOwnTestStore } from '../open-test-store.ts';

let own: OwnTestStore;
let server: TestManagement;
let browser: Browser;
const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };

beforeAll(async () => {
  own = await openOwnTestStore();
  server = await openTestManagement({ store: own });
  const link = await server.setup.openSetupLink();
  await server.setup.complete({ ...person, token: new URL(link?.url ?? '').hash.replace('#token=', '') });
});
afterAll(() => server.close());
beforeEach(() => {
  browser = openBrowser(server.app);
  // A minute later, so that one test's tries do not count for the next.
  server.advance(61_000);
});
afterEach(() => expect(server.internalErrors).toEqual([]));

const signIn = (more: { email?: string; password?: string } = {}, headers?: { [name: string]: string }) =>
  browser.post(
    '/api/auth/sign-in/email',
    { email: person.email, password: person.password, ...more },
    headers,
  );

describe('signing in', () => {
  test('gives a session whose cookie scripts cannot read and other sites do not send', async () => {
    const reply = await signIn({ email: 'ADA@example.com' });
    expect(reply.statusCode).toBe(200);
    const cookie = reply.cookies.find((each) => each.name.endsWith('session_token'));
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    const session = await browser.get('/api/v1/session');
    expect(session.json()).toMatchObject({
      user: { name: 'Ada', email: 'ada@example.com' },
      projects: [{ slug: 'default', organization: 'Default' }],
    });
    expect(session.headers['cache-control']).toBe('no-store');
  });

  test('with a wrong password, an unknown address or a password beyond 72 bytes tells nobody who exists', async () => {
    const wrong = await signIn({ password: 'wrong horse battery' });
    const unknown = await signIn({ email: 'eve@example.com' });
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(wrong.json()).toEqual(unknown.json());
    const long = 'ä'.repeat(40);
    const known = await signIn({ password: long });
    const stranger = await signIn({ email: 'eve@example.com', password: long });
    expect([known.statusCode, stranger.statusCode]).toEqual([400, 400]);
    expect(known.json()).toEqual(stranger.json());
  });

  test('is slowed down after ten tries a minute, whatever address the client claims to have', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) {
      const claimed = { 'x-forwarded-for': `10.0.0.${n}`, 'x-client-ip': `10.0.0.${n}` };
      statuses.push(
        (await signIn({ email: `nobody${n}@example.com`, password: 'x'.repeat(80) }, claimed)).statusCode,
      );
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 400));
    expect(statuses[10]).toBe(429);
    server.advance(61_000);
    expect((await signIn()).statusCode).toBe(200);
  });

  test.each([
    ['another site', { origin: 'https://attacker.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:9999' }],
    ['a host name that was pointed here', { host: 'attacker.example', origin: 'http://attacker.example' }],
  ])('from %s is refused', async (_from, headers) => {
    expect((await signIn({}, headers)).statusCode).toBe(403);
  });

  test('takes JSON only, so that no form of another site can do it', async () => {
    const reply = await server.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      headers: { host: '127.0.0.1:4000', 'content-type': 'application/x-www-form-urlencoded' },
      payload: `email=${person.email}&password=${person.password}`,
    });
    expect(reply.statusCode).toBe(415);
  });
});

describe('a session', () => {
  test('ends with signing out, also for who kept the cookie', async () => {
    await signIn();
    const kept = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await browser.post('/api/auth/sign-out', {})).statusCode).toBe(200);
    expect((await browser.get('/api/v1/session')).statusCode).toBe(401);
    expect((await browser.get('/api/v1/session', { cookie: kept })).statusCode).toBe(401);
  });

  test('cannot be forged: a changed cookie is no session', async () => {
    await signIn();
    for (const [name, value] of browser.cookies) browser.cookies.set(name, value.replace(/.\./, 'x.'));
    expect((await browser.get('/api/v1/session')).statusCode).toBe(401);
  });

  const create = (headers: { [name: string]: string }) =>
    browser.post('/api/v1/projects/default/keys', { name: 'from a page' }, headers);

  test('changes something only for our own pages', async () => {
    await signIn();
    expect((await create({ origin: 'https://attacker.example' })).statusCode).toBe(403);
    expect((await create({ origin: 'null' })).statusCode).toBe(403);
    expect((await create({ host: 'attacker.example', origin: 'http://attacker.example' })).statusCode).toBe(
      403,
    );
    expect((await create({ 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await create({})).statusCode).toBe(201);
  });

  test('without Origin needs fetch metadata that says same-origin', async () => {
    await signIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const send = (headers: { [name: string]: string }) =>
      server.app.inject({
        method: 'POST',
        url: '/api/v1/projects/default/keys',
        headers: { host: '127.0.0.1:4000', cookie, ...headers },
        payload: { name: 'x' },
      });
    expect((await send({})).statusCode).toBe(403);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await send({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201);
  });
});

describe('the sign-in library', () => {
  test.each([
    ['POST', '/api/auth/sign-up/email'],
    ['POST', '/api/auth/delete-user'],
    ['POST', '/api/auth/update-user'],
    ['POST', '/api/auth/change-email'],
    ['POST', '/api/auth/verify-password'],
    ['POST', '/api/auth/unlink-account'],
    ['POST', '/api/auth/get-access-token'],
    ['POST', '/api/auth/revoke-sessions'],
    ['POST', '/api/auth/two-factor/get-totp-uri'],
    ['POST', '/api/auth/two-factor/send-otp'],
    ['POST', '/api/auth/open-session'],
    ['GET', '/api/auth/get-session'],
    ['GET', '/api/auth/reset-password/x'],
    ['GET', '/api/auth/list-sessions'],
    ['GET', '/api/auth/error'],
    ['GET', '/api/auth/ok'],
  ] as const)('offers %s %s to nobody', async (method, url) => {
    const reply = method === 'GET' ? await browser.get(url) : await browser.post(url);
    expect(reply.statusCode).toBe(404);
  });

  test('keeps its tables out of the public schema, and no password or usable session in the clear', async () => {
    await signIn();
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query(
      `select table_schema from information_schema.tables where table_name in ('user', 'session', 'account')`,
    );
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ table_schema: 'auth' })));
    const { rows: accounts } = await pool.query('select * from account');
    expect(JSON.stringify(accounts)).not.toContain(person.password);
    // The cookie is the token with a signature; the token alone, as it is stored, opens nothing.
    const { rows: sessions } = await pool.query(
      'select token from session order by "createdAt" desc limit 1',
    );
    const [name] = browser.cookies.keys();
    expect(
      (await browser.get('/api/v1/session', { cookie: `${name}=${sessions[0].token}` })).statusCode,
    ).toBe(401);
  });
});

describe('behind https', () => {
  test('the session cookie is Secure and belongs to this host alone', async () => {
    const origin = 'https://router.example.com';
    const hosted = await openTestManagement({
      url: origin,
      site: { publicOrigin: origin, mode: 'production' },
    });
    try {
      const link = await hosted.setup.openSetupLink();
      expect(link?.url.startsWith(`${origin}/setup#token=`)).toBe(true);
      const token = new URL(link?.url ?? '').hash.replace('#token=', '');
      await hosted.setup.complete({ ...person, token });
      const reply = await hosted.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: { host: 'router.example.com', origin },
        payload: { email: person.email, password: person.password },
      });
      expect(reply.cookies[0]).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax' });
      expect(reply.cookies[0]?.domain).toBeUndefined();
    } finally {
      await hosted.close();
    }
  });
});

describe('while PostgreSQL is away', () => {
  test('signing in, sessions and keys answer 503 with a time to try again, and work when it is back', async () => {
    await signIn();
    const { secret } = await server.keys.create(server.project, { name: 'k', permissions: ['keys:read'] });
    const withKey = () =>
      server.app.inject({
        url: '/api/v1/projects/default/keys',
        headers: { authorization: `Bearer ${secret}` },
      });
    await own.postgres.stop();
    const replies = [await signIn(), await browser.get('/api/v1/session'), await withKey()];
    for (const reply of replies) {
      expect(reply.statusCode).toBe(503);
      expect(reply.json().error.code).toBe('store_unavailable');
      expect(reply.headers['retry-after']).toBe('2');
    }
    await own.postgres.restart();
    expect((await withKey()).statusCode).toBe(200);
    expect((await browser.get('/api/v1/session')).statusCode).toBe(200);
  }, 60_000);
});
