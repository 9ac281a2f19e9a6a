import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import { type OpenIdentity, openTestIdentity } from '../open-test-identity.ts';
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from '../software-authenticator.ts';

const ORIGIN = 'http://localhost:4000';
let server: OpenIdentity;
let owner: Browser;
let browser: Browser;
let device: SoftwareAuthenticator;
let round = 0;
const email = () => `ada${round}@example.com`;

beforeAll(async () => {
  server = await openTestIdentity();
});
afterAll(() => server.close());
beforeEach(async () => {
  round += 1;
  server.advance(61_000);
  await server.makePerson(email());
  owner = await server.signIn(email());
  browser = server.openBrowser();
  device = createSoftwareAuthenticator(ORIGIN);
  server.events.length = 0;
});
afterEach(() => expect(server.internalErrors).toEqual([]));

const begin = async (who = owner) => (await who.post('/api/v1/account/passkeys/begin')).json();
async function register(who = owner, name = 'My laptop') {
  const { challenge_id, options } = await begin(who);
  return who.post('/api/v1/account/passkeys', { challenge_id, name, response: device.create(options) });
}
const beginSignIn = async (who = browser) => (await who.post('/api/v1/sign-in/passkey/begin')).json();
async function signIn(who = browser, headers = {}) {
  const { challenge_id, options } = await beginSignIn(who);
  return who.post('/api/v1/sign-in/passkey', { challenge_id, response: device.sign(options) }, headers);
}
const isSignedIn = async (who = browser) => (await who.get('/api/v1/session')).statusCode === 200;

describe('a passkey', () => {
  test('is made by whoever is signed in, and signs in without a name or a password, as two factors', async () => {
    const made = await register();
    expect(made.statusCode, made.body).toBe(201);
    expect((await owner.get('/api/v1/account')).json().passkeys).toMatchObject([
      { name: 'My laptop', last_used_at: null },
    ]);
    const reply = await signIn();
    expect(reply.statusCode, reply.body).toBe(200);
    expect(reply.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect((await browser.get('/api/v1/session')).json().user).toMatchObject({
      email: email(),
      method: 'passkey',
      two_factor: true,
    });
    expect((await browser.get('/api/v1/account')).json().passkeys[0].last_used_at).not.toBeNull();
    const actions = server.events.map(({ action, organizationId }) => [action, organizationId !== undefined]);
    expect(actions).toContainEqual(['session.sign_in', true]);
  });

  test('is made once for a challenge: the same answer again is refused', async () => {
    const { challenge_id, options } = await begin();
    const body = { challenge_id, name: 'x', response: device.create(options) };
    expect((await owner.post('/api/v1/account/passkeys', body)).statusCode).toBe(201);
    expect((await owner.post('/api/v1/account/passkeys', body)).statusCode).toBe(400);
  });

  test('is not made with a challenge of somebody else, or of another session of the same person', async () => {
    const { challenge_id, options } = await begin();
    const response = device.create(options);
    const other = await server.signIn(email());
    expect(
      (await other.post('/api/v1/account/passkeys', { challenge_id, name: 'x', response })).statusCode,
    ).toBe(400);
    expect((await owner.get('/api/v1/account')).json().passkeys).toEqual([]);
  });

  test('is not made after five minutes', async () => {
    const { challenge_id, options } = await begin();
    server.advance(5 * 60_000 + 1);
    const response = device.create(options);
    expect(
      (await owner.post('/api/v1/account/passkeys', { challenge_id, name: 'x', response })).statusCode,
    ).toBe(400);
  });

  test.each([
    ['does not check who holds it', { verifiesUser: false }],
    ['was asked by a page of another site', { origin: 'https://attacker.example' }],
    ['was asked under another port', { origin: 'http://localhost:4001' }],
    ['answers for another site', { rpId: 'attacker.example' }],
  ])('is neither made nor used where the device %s', async (_, change) => {
    const honest = device;
    await register();
    device = createSoftwareAuthenticator(ORIGIN);
    Object.assign(device, change);
    expect((await register()).statusCode).toBe(400);
    device = honest;
    Object.assign(device, change);
    expect((await signIn()).statusCode).toBe(401);
    expect(await isSignedIn()).toBe(false);
  });

  test('of one person cannot be given to another', async () => {
    await register();
    await server.makePerson(`eve${round}@example.com`);
    const eve = await server.signIn(`eve${round}@example.com`);
    expect((await register(eve)).statusCode).toBe(409);
  });
});

describe('signing in with a passkey', () => {
  test('takes a challenge once, for five minutes, and none that was made for something else', async () => {
    await register();
    const { challenge_id, options } = await beginSignIn();
    const body = { challenge_id, response: device.sign(options) };
    expect((await browser.post('/api/v1/sign-in/passkey', body)).statusCode).toBe(200);
    expect((await server.openBrowser().post('/api/v1/sign-in/passkey', body)).statusCode).toBe(401);
    const late = await beginSignIn();
    server.advance(5 * 60_000 + 1);
    const answer = { challenge_id: late.challenge_id, response: device.sign(late.options) };
    expect((await server.openBrowser().post('/api/v1/sign-in/passkey', answer)).statusCode).toBe(401);
    const making = await begin();
    const wrong = { challenge_id: making.challenge_id, response: device.sign(making.options) };
    expect((await server.openBrowser().post('/api/v1/sign-in/passkey', wrong)).statusCode).toBe(401);
  });

  test('refuses a copied key: its counter goes back', async () => {
    await register();
    const copiedAt = device.counter;
    expect((await signIn()).statusCode).toBe(200);
    expect((await signIn()).statusCode).toBe(200);
    device.counter = copiedAt;
    const copy = server.openBrowser();
    expect((await signIn(copy)).statusCode).toBe(401);
    expect(await isSignedIn(copy)).toBe(false);
  });

  test('refuses an unknown key like a wrong one, and says no more', async () => {
    await register();
    const known = device;
    device = createSoftwareAuthenticator(ORIGIN);
    const unknown = await signIn();
    device = known;
    Object.assign(device, { rpId: 'attacker.example' });
    const wrong = await signIn();
    expect([unknown.statusCode, wrong.statusCode]).toEqual([401, 401]);
    expect(unknown.json().error.message).toBe(wrong.json().error.message);
  });

  test('is not done for a page of another site, which could sign somebody in to a foreign account', async () => {
    await register();
    expect((await signIn(browser, { origin: 'https://attacker.example' })).statusCode).toBe(403);
    expect(await isSignedIn()).toBe(false);
  });

  test.each([[{}], [{ id: 'x' }], [{ id: 1, rawId: 'x', type: 'public-key', response: {} }]])(
    'answers 400 to %j, which no browser sends',
    async (response) => {
      const { challenge_id } = await beginSignIn();
      expect((await browser.post('/api/v1/sign-in/passkey', { challenge_id, response })).statusCode).toBe(
        400,
      );
    },
  );

  test('begun again and again is slowed down', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 61; n += 1)
      statuses.push((await browser.post('/api/v1/sign-in/passkey/begin')).statusCode);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });

  test('ends with the passkey: a deleted one opens nothing', async () => {
    const { id } = (await register()).json();
    expect((await owner.delete(`/api/v1/account/passkeys/${id}`)).statusCode).toBe(200);
    expect((await owner.delete(`/api/v1/account/passkeys/${id}`)).statusCode).toBe(404);
    expect((await signIn()).statusCode).toBe(401);
    expect(server.events.length).toBe(0);
  });
});

test('a passkey of somebody else cannot be deleted', async () => {
  const { id } = (await register()).json();
  await server.makePerson(`eve${round}@example.com`);
  const eve = await server.signIn(`eve${round}@example.com`);
  expect((await eve.delete(`/api/v1/account/passkeys/${id}`)).statusCode).toBe(404);
  expect((await owner.get('/api/v1/account')).json().passkeys).toHaveLength(1);
});

test('under a bare address browsers make no passkeys, and the server says so before they try', async () => {
  const bare = await openTestIdentity({ url: 'http://127.0.0.1:4000' });
  try {
    const visitor = bare.openBrowser();
    expect((await visitor.get('/api/v1/sign-in-methods')).json()).toMatchObject({
      passkey: false,
      password: true,
    });
    expect((await visitor.post('/api/v1/sign-in/passkey/begin')).statusCode).toBe(409);
  } finally {
    await bare.close();
  }
});
