import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

let server: TestManagement;
beforeAll(async () => {
  server = await openTestManagement();
});
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const person = { name: 'Ada', email: 'Ada@Example.com', password: 'correct horse battery' };
const host = '127.0.0.1:4000';

const needed = async () => (await server.app.inject({ url: '/api/v1/setup', headers: { host } })).json();
const complete = (body: object) =>
  server.app.inject({ method: 'POST', url: '/api/v1/setup', headers: { host }, payload: body });
const freshToken = async () => {
  const link = await server.setup.openSetupLink();
  if (link === undefined) throw new Error('No set-up link.');
  return new URL(link.url).hash.replace('#token=', '');
};

describe('before anybody owns the installation', () => {
  test('it says that the set-up is needed, and the link holds 256 bits in its fragment', async () => {
    expect(await needed()).toEqual({ needed: true });
    const link = await server.setup.openSetupLink();
    const url = new URL(link?.url ?? '');
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:4000/setup');
    expect(Buffer.from(url.hash.replace('#token=', ''), 'base64url')).toHaveLength(32);
  });

  test('a wrong token makes nobody an owner', async () => {
    await freshToken();
    const reply = await complete({ ...person, token: 'A'.repeat(43) });
    expect(reply.statusCode).toBe(403);
    expect(reply.json().error).toMatchObject({ code: 'insufficient_permissions', param: 'token' });
    expect(await needed()).toEqual({ needed: true });
  });

  test('a newer link withdraws the older one', async () => {
    const older = await freshToken();
    await freshToken();
    expect((await complete({ ...person, token: older })).statusCode).toBe(403);
  });

  test('a link older than 30 minutes is refused', async () => {
    const token = await freshToken();
    server.advance(30 * 60_000 + 1);
    const reply = await complete({ ...person, token });
    expect(reply.statusCode).toBe(403);
    expect(reply.json().error.message).toContain('Restart the server');
  });

  test.each([
    ['password', { password: 'too short' }],
    ['password', { password: 'ä'.repeat(37) }],
    ['email', { email: 'not an address' }],
    ['name', { name: '   ' }],
    ['role', { role: 'owner' }],
  ])('a bad %s is named, and the link can be used again', async (param, wrong) => {
    const token = await freshToken();
    const reply = await complete({ ...person, token, ...wrong });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toMatchObject({ code: 'invalid_parameter', param });
    expect(await needed()).toEqual({ needed: true });
  });

  test('nobody can register through the sign-in library', async () => {
    const reply = await server.app.inject({
      method: 'POST',
      url: '/api/auth/sign-up/email',
      headers: { host },
      payload: { name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' },
    });
    expect(reply.statusCode).toBe(404);
  });
});

describe('the set-up', () => {
  test('that was cut off after its account was made goes on with a fresh link, under the new password', async () => {
    const { email, name, password } = person;
    const accounts = createAccounts(server.auth);
    const userId = await accounts.create({ name, email, password: 'an older password' });
    expect(await accounts.create({ name, email, password })).toBe(userId);
    const signIn = (given: string) =>
      server.app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        headers: { host },
        payload: { email, password: given },
      });
    expect((await signIn('an older password')).statusCode).toBe(401);
    expect((await signIn(password)).statusCode).toBe(200);
    expect(await needed()).toEqual({ needed: true });
  });

  test('makes one owner even when the link is used ten times at once; afterwards it is over', async () => {
    const token = await freshToken();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => complete({ ...person, email: `ada${n}@example.com`, token })),
    );
    const statuses = replies.map((reply) => reply.statusCode).sort();
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(await server.test.store.tenants.countOwners()).toBe(1);
    expect(await server.test.store.tenants.countUsers()).toBe(2);
    expect(await needed()).toEqual({ needed: false });
    expect(await server.setup.openSetupLink()).toBeUndefined();
    expect((await complete({ ...person, token })).statusCode).toBe(409);
  });
});
