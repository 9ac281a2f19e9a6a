import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runUsersCommand } from '../../src/cli/users-command.ts';
import type { Browser } from '../browser.ts';
import { type OpenIdentity, openTestIdentity, PASSWORD } from '../open-test-identity.ts';
import { totp } from '../totp.ts';

let server: OpenIdentity;
let owner: Browser;
let userId = '';
let round = 0;
const email = () => `ada${round}@example.com`;
const OTHER = 'another horse battery';

beforeAll(async () => {
  server = await openTestIdentity();
});
afterAll(() => server.close());
beforeEach(async () => {
  round += 1;
  server.advance(61_000);
  ({ userId } = await server.makePerson(email()));
  owner = await server.signIn(email());
  server.events.length = 0;
  server.mailer.mails.length = 0;
});
afterEach(() => expect(server.internalErrors).toEqual([]));

const actions = () => server.events.map(({ action, outcome = 'done' }) => `${action} ${outcome}`);
const isSignedIn = async (who: Browser) => (await who.get('/api/v1/session')).statusCode === 200;
const enter = (password = PASSWORD, who = server.openBrowser()) =>
  who.post('/api/auth/sign-in/email', { email: email(), password });

describe('a session', () => {
  test('says by which way it came and when it was used, and its token stands nowhere in the clear', async () => {
    const { sessions } = (await owner.get('/api/v1/account')).json();
    expect(sessions).toMatchObject([{ is_current: true, method: 'password', ip: '127.0.0.1' }]);
    await expect
      .poll(async () => (await owner.get('/api/v1/account')).json().sessions[0].last_active_at)
      .not.toBeNull();
    const [cookie = ''] = owner.cookies.values();
    const token = decodeURIComponent(cookie).split('.')[0] ?? '';
    expect(token).toHaveLength(32);
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query('select * from session where "userId" = $1', [userId]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    // Whoever has the dump has the digest, and not the secret that signs cookies; and even signed it opens nothing.
    const { secret } = await server.identity.auth.$context;
    const { makeSignature } = await import('better-auth/crypto');
    const sign = async (value: string) =>
      encodeURIComponent(`${value}.${await makeSignature(value, secret)}`);
    const [name = ''] = owner.cookies.keys();
    const visitor = server.openBrowser();
    expect(
      (await visitor.get('/api/v1/session', { cookie: `${name}=${await sign(token)}` })).statusCode,
    ).toBe(200);
    expect(
      (await visitor.get('/api/v1/session', { cookie: `${name}=${await sign(rows[0].token)}` })).statusCode,
    ).toBe(401);
  });

  test('is given to nobody in an answer: scripts never see its token', async () => {
    const reply = await enter();
    expect(reply.json()).toMatchObject({ redirect: false, user: { email: email() } });
    expect(reply.body).not.toContain('"token"');
  });

  test('is ended from another one, alone or with all others; those of other people stay', async () => {
    const second = await server.signIn(email());
    const third = await server.signIn(email());
    await server.makePerson(`eve${round}@example.com`);
    const eve = await server.signIn(`eve${round}@example.com`);
    const own = (await eve.get('/api/v1/account')).json().sessions[0];
    expect((await owner.delete(`/api/v1/account/sessions/${own.id}`)).json()).toEqual({ ended: 0 });
    const { id } = (await second.get('/api/v1/account'))
      .json()
      .sessions.find((each: { is_current: boolean }) => each.is_current);
    expect((await owner.delete(`/api/v1/account/sessions/${id}`)).json()).toEqual({ ended: 1 });
    expect(await isSignedIn(second)).toBe(false);
    expect((await owner.post('/api/v1/account/sessions/end-others')).json()).toEqual({ ended: 1 });
    expect([await isSignedIn(owner), await isSignedIn(third), await isSignedIn(eve)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('and what happens to it is written down, with who and from where, and what was typed as a digest', async () => {
    await enter();
    await enter('wrong horse battery');
    await server
      .openBrowser()
      .post('/api/auth/sign-in/email', { email: 'my-password-is@secret.example', password: 'x' });
    await owner.post('/api/auth/sign-out', {});
    await expect
      .poll(actions)
      .toEqual(
        expect.arrayContaining([
          'session.sign_in done',
          'session.sign_in_failed failed',
          'session.sign_out done',
        ]),
      );
    await expect.poll(() => server.events.filter(({ outcome }) => outcome === 'failed').length).toBe(2);
    for (const event of server.events) expect(event.ip).toBe('127.0.0.1');
    expect(server.events.find(({ action }) => action === 'session.sign_in')).toMatchObject({
      organizationId: expect.stringMatching(/^org_/),
      actor: { kind: 'person', id: userId, label: email(), role: 'owner' },
    });
    expect(JSON.stringify(server.events)).not.toMatch(/my-password-is|secret\.example|horse/);
  });
});

describe('two factors', () => {
  async function enable() {
    const { totpURI, backupCodes } = (
      await owner.post('/api/auth/two-factor/enable', { password: PASSWORD })
    ).json();
    const reply = await owner.post('/api/auth/two-factor/verify-totp', {
      code: totp(totpURI, Date.now() - 30_000),
    });
    expect(reply.statusCode, reply.body).toBe(200);
    return { totpURI, backupCodes };
  }

  test('are asked for from then on: a password alone opens nothing, a code does once', async () => {
    const { totpURI } = await enable();
    expect((await owner.get('/api/v1/session')).json().user).toMatchObject({
      two_factor: true,
      method: 'password',
    });
    const visitor = server.openBrowser();
    const half = await enter(PASSWORD, visitor);
    expect(half.json()).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp'] });
    expect(await isSignedIn(visitor)).toBe(false);
    expect((await visitor.post('/api/auth/two-factor/verify-totp', { code: '000000' })).statusCode).toBe(401);
    const code = totp(totpURI, Date.now());
    expect((await visitor.post('/api/auth/two-factor/verify-totp', { code })).statusCode).toBe(200);
    expect((await visitor.get('/api/v1/session')).json().user).toMatchObject({ two_factor: true });
    // Somebody who looked over a shoulder has the same half minute.
    const thief = server.openBrowser();
    await enter(PASSWORD, thief);
    const again = await thief.post('/api/auth/two-factor/verify-totp', { code });
    expect([again.statusCode, again.json().code]).toEqual([401, 'INVALID_CODE']);
    expect(await isSignedIn(thief)).toBe(false);
  });

  test('can be a backup code, once', async () => {
    const { backupCodes } = await enable();
    const send = async (who: Browser) => {
      await enter(PASSWORD, who);
      return (await who.post('/api/auth/two-factor/verify-backup-code', { code: backupCodes[0] })).statusCode;
    };
    expect(await send(server.openBrowser())).toBe(200);
    expect(await send(server.openBrowser())).toBe(401);
  });

  test('cannot be guessed: five tries end the challenge, and no device is trusted', async () => {
    await enable();
    const visitor = server.openBrowser();
    await enter(PASSWORD, visitor);
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      statuses.push(
        (await visitor.post('/api/auth/two-factor/verify-totp', { code: `00000${n}` })).statusCode,
      );
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect([400, 401, 429]).toContain(statuses[5]);
    const trusting = { code: '123456', trustDevice: true };
    expect((await visitor.post('/api/auth/two-factor/verify-totp', trusting)).statusCode).toBe(400);
  });

  test('are neither set up nor taken away without the password', async () => {
    for (const path of ['enable', 'disable', 'generate-backup-codes']) {
      expect(
        (await owner.post(`/api/auth/two-factor/${path}`, { password: 'wrong horse battery' })).statusCode,
      ).toBe(400);
    }
    await enable();
    expect((await owner.post('/api/auth/two-factor/disable', { password: PASSWORD })).statusCode).toBe(200);
    expect((await enter()).json()).toMatchObject({ redirect: false });
    expect(actions()).toEqual(
      expect.arrayContaining(['account.enable_two_factor done', 'account.disable_two_factor done']),
    );
  });
});

describe('a password', () => {
  const tokenOf = (text: string) => /#token=([\w-]+)/.exec(text)?.[1] ?? '';

  test('is changed by whoever knows it, which ends all other sessions', async () => {
    const other = await server.signIn(email());
    const wrong = { currentPassword: OTHER, newPassword: OTHER };
    expect((await owner.post('/api/auth/change-password', wrong)).statusCode).toBe(400);
    const right = { currentPassword: PASSWORD, newPassword: OTHER };
    expect((await owner.post('/api/auth/change-password', right)).statusCode).toBe(200);
    expect([await isSignedIn(owner), await isSignedIn(other)]).toEqual([true, false]);
    expect((await enter()).statusCode).toBe(401);
    expect((await enter(OTHER)).statusCode).toBe(200);
    expect(actions()).toContain('account.change_password done');
  });

  test('is guessed at no faster by somebody who found an open session', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const guess = { password: `guess number ${n} of many` };
      statuses.push((await owner.post('/api/auth/two-factor/enable', guess)).statusCode);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  test('that is forgotten is set by a link in a mail, once, which ends all sessions', async () => {
    const asked = await server.openBrowser().post('/api/auth/request-password-reset', { email: email() });
    await expect.poll(() => server.mailer.mails.length).toBe(1);
    const [mail] = server.mailer.mails;
    expect(mail?.to).toBe(email());
    const link = /http\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(link).toMatch(/^http:\/\/localhost:4000\/reset-password#token=\w+$/);
    const token = tokenOf(link);
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query('select identifier from verification');
    expect(JSON.stringify(rows)).not.toContain(token);
    const visitor = server.openBrowser();
    expect((await visitor.post('/api/auth/reset-password', { newPassword: 'short', token })).statusCode).toBe(
      400,
    );
    expect((await visitor.post('/api/auth/reset-password', { newPassword: OTHER, token })).statusCode).toBe(
      200,
    );
    expect(
      (await visitor.post('/api/auth/reset-password', { newPassword: PASSWORD, token })).statusCode,
    ).toBe(400);
    expect(await isSignedIn(owner)).toBe(false);
    expect((await enter(OTHER)).statusCode).toBe(200);
    expect(actions()).toContain('account.reset_password done');
    const stranger = await server
      .openBrowser()
      .post('/api/auth/request-password-reset', { email: 'nobody@example.com' });
    expect([stranger.statusCode, stranger.body]).toEqual([asked.statusCode, asked.body]);
    expect(server.mailer.mails).toHaveLength(1);
  });

  test('is not set by a link that is older than 30 minutes', async () => {
    await server.openBrowser().post('/api/auth/request-password-reset', { email: email() });
    await expect.poll(() => server.mailer.mails.length).toBe(1);
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query('select "expiresAt" from verification where value = $1', [userId]);
    const minutes = (rows[0].expiresAt.getTime() - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(30);
    await pool.query(`update verification set "expiresAt" = now() - interval '1 second' where value = $1`, [
      userId,
    ]);
    const token = tokenOf(server.mailer.mails[0]?.text ?? '');
    const reply = await server.openBrowser().post('/api/auth/reset-password', { newPassword: OTHER, token });
    expect(reply.statusCode).toBe(400);
  });

  test('is asked to be reset only so often', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const reply = await server.openBrowser().post('/api/auth/request-password-reset', { email: email() });
      statuses.push(reply.statusCode);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('the operator', () => {
  const run = async (...args: string[]) => {
    let out = '';
    const open = async () => ({
      store: server.test.store,
      openReset: server.identity.signIn.accounts.openReset,
      url: 'http://localhost:4000',
      close: async () => undefined,
    });
    const print = (text: string) => {
      out += text;
    };
    const status = await runUsersCommand(args, { open, print, warn: print, nowMs: () => Date.now() });
    return { status, out };
  };

  test('lists accounts, prints a link where there is no mail, and ends sessions', async () => {
    expect((await run('list')).out).toContain(email());
    const { out } = await run('reset-link', email());
    const token = /#token=([\w-]+)/.exec(out)?.[1] ?? '';
    expect(
      (await server.openBrowser().post('/api/auth/reset-password', { newPassword: OTHER, token })).statusCode,
    ).toBe(200);
    const again = await server.signIn(email(), OTHER);
    expect((await run('end-sessions', email())).out).toContain('Ended 1 sessions');
    expect(await isSignedIn(again)).toBe(false);
    expect((await run('disable-two-factor', email())).out).toContain('had no second factor');
  });

  test.each([[['reset-link']], [['list', 'x']], [['delete', 'x']], [['list', '--what']]])(
    'is told how %j is used',
    async (args) => {
      expect((await run(...args)).status).toBe(2);
    },
  );

  test('is told when nobody has the address', async () => {
    expect((await run('end-sessions', 'nobody@example.com')).status).toBe(1);
  });
});

test('an account is renamed by its owner, and its last way in stays', async () => {
  const renamed = await owner.patch('/api/v1/account', { name: 'Ada L.' });
  expect(renamed.json()).toMatchObject({ name: 'Ada L.', email: email(), has_password: true });
  expect((await owner.delete('/api/v1/account/identities/idp')).statusCode).toBe(404);
  expect((await server.openBrowser().get('/api/v1/account')).statusCode).toBe(401);
});
