import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import {
  beginLogin,
  comeBack,
  errorOf,
  HUB,
  type LoginServers,
  openLoginServers,
} from '../open-login-servers.ts';
import { type OpenIdentity, openTestIdentity, PASSWORD } from '../open-test-identity.ts';

let server: OpenIdentity;
let servers: LoginServers;
let hub: LoginServers['hub'];
let idp: LoginServers['idp'];
let browser: Browser;
let round = 0;
/** An address that no other test uses. */
const email = () => `ada${round}@example.com`;

beforeAll(async () => {
  servers = await openLoginServers();
  ({ hub, idp } = servers);
  const settings = { providers: servers.providers };
  server = await openTestIdentity({ allowPrivateHosts: ['127.0.0.1'], settings });
});
afterAll(async () => {
  await server.close();
  await servers.close();
});
beforeEach(() => {
  round += 1;
  server.advance(61_000);
  browser = server.openBrowser();
  server.events.length = 0;
  idp.forge(undefined);
  idp.claims = { sub: `person-${round}`, email: email(), email_verified: true, name: 'Ada' };
  hub.person = {
    ...{ id: 1_000 + round, login: 'ada', name: 'Ada' },
    emails: [{ email: email(), primary: true, verified: true }],
  };
});
afterEach(() => expect(server.internalErrors).toEqual([]));

const whoIs = async (who: Browser) => (await who.get('/api/v1/session')).json().user?.email;

/** An invitation, as one that is open would let somebody in. */
async function invite(address: string): Promise<void> {
  const { organizationId, userId } = await server.makePerson(`owner${round}@example.com`);
  await server.test.store.members.alone(organizationId, (locked) =>
    locked.insertInvitation(organizationId, {
      ...{ id: `inv_${round}`, digest: `digest ${round}`, email: address, role: 'member', projects: [] },
      ...{ createdBy: userId, createdAtMs: Date.now(), expiresAtMs: Date.now() + 86_400_000 },
    }),
  );
}

describe('somebody who was invited', () => {
  test('gets an account and a session by coming from GitHub, with PKCE and a state', async () => {
    await invite(email());
    const url = new URL(await beginLogin(browser, 'hub'));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: HUB.clientId,
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost:4000/api/auth/callback/hub',
      scope: 'read:user user:email',
    });
    expect(await comeBack(browser, hub.authorize(url.href))).toBe('/traces');
    expect((await browser.get('/api/v1/session')).json().user).toMatchObject({
      ...{ email: email(), method: 'hub', two_factor: false },
    });
    expect(server.events.map(({ action }) => action)).toContain('session.sign_in');
  });

  test('gets in by OpenID Connect, which counts as two factors where the settings say so', async () => {
    await invite(email());
    expect(await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp')))).toBe('/traces');
    expect((await browser.get('/api/v1/session')).json().user).toMatchObject({
      method: 'idp',
      two_factor: true,
    });
    const again = server.openBrowser();
    expect(await comeBack(again, idp.authorize(await beginLogin(again, 'idp')))).toBe('/traces');
    expect(await whoIs(again)).toBe(email());
  });

  test('leaves no token of the provider behind, and the state and its verifier not in the clear', async () => {
    await invite(email());
    const url = await beginLogin(browser, 'idp');
    const state = new URL(url).searchParams.get('state') ?? 'none';
    const pool = server.test.store.openAuthPool();
    const { rows: waiting } = await pool.query('select identifier from verification');
    expect(waiting.length).toBeGreaterThan(0);
    expect(JSON.stringify(waiting)).not.toContain(state);
    await comeBack(browser, idp.authorize(url));
    const { rows } = await pool.query('select "accessToken", "refreshToken", "idToken" from account');
    expect(rows.flatMap((row) => Object.values(row)).filter((value) => value !== null)).toEqual([]);
  });
});

describe('nobody gets an account', () => {
  test.each(['hub', 'idp'] as const)('by %s without an invitation', async (provider) => {
    const location = await comeBack(
      browser,
      (provider === 'hub' ? hub : idp).authorize(await beginLogin(browser, provider)),
    );
    expect(location).toMatch(/^\/sign-in\?/);
    expect(errorOf(location)).toBe('may_not_join');
    expect(await server.test.store.tenants.findUserByEmail({ email: email() })).toBeUndefined();
    expect((await browser.get('/api/v1/session')).statusCode).toBe(401);
    const failed = server.events.find(({ action }) => action === 'session.sign_in_failed');
    expect(failed).toMatchObject({ outcome: 'failed', reason: 'may_not_join', actor: { kind: 'anyone' } });
  });

  test.each([
    ['says that it is not', { email_verified: false }],
    ['says nothing', { email_verified: undefined }],
    ['says yes in another way', { email_verified: 'yes' }],
  ])('with an invited address that the provider does not vouch for: it %s', async (_, claims) => {
    await invite(email());
    Object.assign(idp.claims, claims);
    expect(errorOf(await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp'))))).toBe(
      'email_not_verified',
    );
    expect(await server.test.store.tenants.findUserByEmail({ email: email() })).toBeUndefined();
  });

  test('with an address that GitHub lists as not verified, whatever stands in the profile', async () => {
    await invite(email());
    hub.person.emails = [{ email: email(), primary: true, verified: false }];
    hub.person.email = email();
    expect(errorOf(await comeBack(browser, hub.authorize(await beginLogin(browser, 'hub'))))).toBe(
      'email_not_verified',
    );
  });
});

describe('an account that is there', () => {
  test('is not taken over by whoever comes with its address, verified or not', async () => {
    await server.makePerson(email());
    for (const verified of [true, false]) {
      idp.claims.email_verified = verified;
      const stranger = server.openBrowser();
      const location = await comeBack(stranger, idp.authorize(await beginLogin(stranger, 'idp')));
      expect(errorOf(location)).toBe('account_not_linked');
      expect((await stranger.get('/api/v1/session')).statusCode).toBe(401);
    }
    const owner = await server.signIn(email());
    expect((await owner.get('/api/v1/account')).json().identities).toEqual([]);
  });

  test('planted before its owner came keeps its password out of what the owner has at the provider', async () => {
    // Pre-hijacking: the attacker's account waits under the victim's address until the provider lets the victim in.
    await server.makePerson(email(), 'password of the attacker');
    expect(errorOf(await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp'))))).toBe(
      'account_not_linked',
    );
    const attacker = await server.signIn(email(), 'password of the attacker');
    expect((await attacker.get('/api/v1/account')).json()).toMatchObject({
      identities: [],
      has_password: true,
    });
  });

  test('is linked by whoever is signed in to it, and the identity leads in from then on', async () => {
    await server.makePerson(email());
    const owner = await server.signIn(email());
    server.events.length = 0;
    expect(await comeBack(owner, idp.authorize(await beginLogin(owner, 'idp', 'link-social')))).toBe(
      '/traces',
    );
    expect((await owner.get('/api/v1/account')).json().identities).toMatchObject([
      { provider: 'idp', title: 'Our IdP' },
    ]);
    expect(server.events).toMatchObject([{ action: 'account.link_identity', target: { id: 'idp' } }]);
    expect(await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp')))).toBe('/traces');
    expect(await whoIs(browser)).toBe(email());
  });

  test('is not linked with an identity of another address, or of one that is not vouched for', async () => {
    await server.makePerson(email());
    const owner = await server.signIn(email());
    idp.claims.email_verified = false;
    expect(errorOf(await comeBack(owner, idp.authorize(await beginLogin(owner, 'idp', 'link-social'))))).toBe(
      'unable_to_link_account',
    );
    Object.assign(idp.claims, { email: 'other@example.com', email_verified: true });
    expect(errorOf(await comeBack(owner, idp.authorize(await beginLogin(owner, 'idp', 'link-social'))))).toBe(
      'email_does_not_match',
    );
    expect((await owner.get('/api/v1/account')).json().identities).toEqual([]);
  });

  test('keeps its identity to itself: it cannot be linked to a second account', async () => {
    await invite(email());
    await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp')));
    const other = `other${round}@example.com`;
    await server.makePerson(other);
    const thief = await server.signIn(other);
    Object.assign(idp.claims, { email: other });
    expect(errorOf(await comeBack(thief, idp.authorize(await beginLogin(thief, 'idp', 'link-social'))))).toBe(
      'account_already_linked_to_different_user',
    );
  });

  test('that came from a provider has no password: neither an empty one nor any other signs in (CVE-2026-126065)', async () => {
    await invite(email());
    await comeBack(browser, idp.authorize(await beginLogin(browser, 'idp')));
    for (const password of ['', ' ', 'null', 'undefined', PASSWORD, '$2b$04$']) {
      const reply = await server.openBrowser().post('/api/auth/sign-in/email', { email: email(), password });
      expect([400, 401]).toContain(reply.statusCode);
    }
    const pool = server.test.store.openAuthPool();
    await pool.query(
      `insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       select 'planted-' || id, id, 'credential', id, '', now(), now() from "user" where email = $1`,
      [email()],
    );
    for (const password of ['', ' ']) {
      const reply = await server.openBrowser().post('/api/auth/sign-in/email', { email: email(), password });
      expect([400, 401]).toContain(reply.statusCode);
    }
    expect((await browser.get('/api/v1/account')).json().has_password).toBe(false);
  });
});

describe('a link to a provider', () => {
  test('is not begun without a sign-in (CVE-2026-24055)', async () => {
    const reply = await browser.post('/api/auth/link-social', { provider: 'idp' });
    expect(reply.statusCode).toBe(401);
    expect(reply.body).not.toContain('state=');
  });

  test('that somebody else began is not finished in this browser, whoever is signed in here (CVE-2026-24055)', async () => {
    await server.makePerson(email());
    const victim = await server.signIn(email());
    const other = `attacker${round}@example.com`;
    await server.makePerson(other);
    const attacker = await server.signIn(other);
    Object.assign(idp.claims, { email: other, sub: `attacker-${round}` });
    const callback = idp.authorize(await beginLogin(attacker, 'idp', 'link-social'));
    expect(errorOf(await comeBack(victim, callback))).toBe('state_mismatch');
    for (const who of [victim, attacker]) {
      expect((await who.get('/api/v1/account')).json().identities).toEqual([]);
    }
  });

  test('whose session ended on the way is not finished', async () => {
    await server.makePerson(email());
    const owner = await server.signIn(email());
    const callback = idp.authorize(await beginLogin(owner, 'idp', 'link-social'));
    await (await server.signIn(email())).post('/api/v1/account/sessions/end-others');
    expect(errorOf(await comeBack(owner, callback))).toBe('unable_to_link_account');
  });
});
