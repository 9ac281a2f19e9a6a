import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Audit, NewAuditEvent, Refusal } from '../../src/audit/audit.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { createSoftwareAuthenticator } from '../software-authenticator.ts';

const HOST = 'localhost:4000';
const begun: NewAuditEvent[] = [];
const refused: Refusal[] = [];
const audit: Audit = {
  begin: async (event) => {
    begun.push(event);
    return { done: async () => undefined, failed: async () => undefined };
  },
  record: async (event) => void begun.push(event),
  noteRefusal: (refusal) => void refused.push(refusal),
  close: async () => undefined,
};

let server: TestManagement;
let owner: Browser;
beforeAll(async () => {
  server = await openTestManagement({ audit, identity: { settings: { password: false } } });
});
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
const open = () => openBrowser(server.app, HOST);

/** Everything by which somebody without a credential could have something written down. */
async function tryEverything(): Promise<number[]> {
  const token = 'A'.repeat(43);
  const stranger = open();
  const device = createSoftwareAuthenticator(`http://${HOST}`);
  const { challenge_id, options } = (await stranger.post('/api/v1/sign-in/passkey/begin')).json();
  const { email: _, ...account } = person;
  const replies = [
    await stranger.post('/api/v1/setup', { ...person, token }),
    await stranger.post('/api/v1/invitations/view', { token }),
    await stranger.post('/api/v1/invitations/accept', { ...account, token }),
    await stranger.post('/api/v1/sign-in/passkey', { challenge_id, response: device.sign(options) }),
    await stranger.post('/api/v1/sign-in/passkey', { challenge_id: 'x', response: device.sign(options) }),
  ];
  return replies.map(({ statusCode }) => statusCode);
}

describe('a stranger who holds no link and no passkey', () => {
  test('begins nothing that fills an audit chain before the set-up; what is refused is counted', async () => {
    expect(await tryEverything()).toEqual([403, 403, 403, 401, 401]);
    expect(begun).toEqual([]);
    expect(refused.map(({ code }) => code)).toHaveLength(5);
  });

  test('nor after it', async () => {
    const link = await server.setup.openSetupLink();
    const token = new URL(link?.url ?? '').hash.replace('#token=', '');
    owner = open();
    const done = await owner.post('/api/v1/setup', { ...person, token });
    expect(done.statusCode, done.body).toBe(201);
    expect(begun.map(({ action }) => action)).toEqual(['setup.complete']);
    expect(done.body).not.toContain(owner.cookies.values().next().value);
    begun.length = 0;
    expect(await tryEverything()).toEqual([409, 403, 403, 401, 401]);
    expect(begun).toEqual([]);
  });
});

test('the first owner is signed in by the set-up link, also where nobody signs in with a password', async () => {
  const session = await owner.get('/api/v1/session');
  expect(session.statusCode).toBe(200);
  expect(session.json().user).toMatchObject({ email: person.email, method: 'password', two_factor: false });
  const { email, password } = person;
  expect((await open().post('/api/auth/sign-in/email', { email, password })).statusCode).not.toBe(200);
});

test('ending sessions leaves API keys alone, and revoking a key leaves sessions alone', async () => {
  const path = '/api/v1/projects/default/keys';
  const make = async () => (await owner.post(path, { name: 'k', permissions: ['keys:read'] })).json();
  const statusWith = async (secret: string) =>
    (await server.app.inject({ url: path, headers: { authorization: `Bearer ${secret}` } })).statusCode;
  const [revoked, kept] = [await make(), await make()];
  expect((await owner.delete(`${path}/${revoked.key.id}`)).statusCode).toBe(200);
  expect([await statusWith(revoked.secret), await statusWith(kept.secret)]).toEqual([401, 200]);
  expect((await owner.get('/api/v1/session')).statusCode).toBe(200);
  const { sessions } = (await owner.get('/api/v1/account')).json();
  expect((await owner.delete(`/api/v1/account/sessions/${sessions[0].id}`)).json()).toEqual({ ended: 1 });
  expect((await owner.get('/api/v1/session')).statusCode).toBe(401);
  expect(await statusWith(kept.secret)).toBe(200);
});

test('whoever has a network of addresses begins as many sign-ins as whoever has one', async () => {
  const begin = async (remoteAddress: string) => {
    const asking = { method: 'POST', url: '/api/v1/sign-in/passkey/begin', headers: { host: HOST } } as const;
    return (await server.app.inject({ ...asking, remoteAddress })).statusCode;
  };
  const answers: number[] = [];
  for (let number = 1; number <= 61; number += 1)
    answers.push(await begin(`2001:db8::${number.toString(16)}`));
  expect(answers.filter((status) => status === 200)).toHaveLength(60);
  expect(answers.at(-1)).toBe(429);
  expect(await begin('2001:db8:0:1::1')).toBe(200);
});
