import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { beginLogin, comeBack, errorOf } from '../open-login-servers.ts';
import { openRealOidc, type RealOidc } from '../open-real-oidc.ts';
import { type OpenIdentity, openTestIdentity } from '../open-test-identity.ts';

const ADA = 'ada@example.com';
const CLIENT = { clientId: 'tokenrouter', clientSecret: 'a secret/with+signs %' };
let server: OpenIdentity;
let real: RealOidc;

beforeAll(async () => {
  real = await openRealOidc({ ...CLIENT, redirectUri: 'http://localhost:4000/api/auth/callback/real' });
  const entry = { id: 'real', kind: 'oidc', issuer: real.issuer };
  const client = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
  server = await openTestIdentity({
    allowPrivateHosts: ['127.0.0.1'],
    settings: { providers: [{ ...entry, ...client }] },
  });
  await server.makePerson(ADA);
});
afterAll(async () => {
  await server.close();
  await real.close();
});
afterEach(() => expect([server.internalErrors, server.warnings]).toEqual([[], []]));

test('a certified provider links an account, and signs in to it from then on', async () => {
  const owner = await server.signIn(ADA);
  const link = await real.signIn(await beginLogin(owner, 'real', 'link-social'), ADA);
  expect(await comeBack(owner, link)).toBe('/traces');
  const browser = server.openBrowser();
  expect(await comeBack(browser, await real.signIn(await beginLogin(browser, 'real'), ADA))).toBe('/traces');
  expect((await browser.get('/api/v1/session')).json().user).toMatchObject({ email: ADA, method: 'real' });
});

test('a certified provider lets nobody in who has no account and no invitation', async () => {
  const browser = server.openBrowser();
  const back = await real.signIn(await beginLogin(browser, 'real'), 'eve@example.com');
  expect(errorOf(await comeBack(browser, back))).toBe('may_not_join');
});
