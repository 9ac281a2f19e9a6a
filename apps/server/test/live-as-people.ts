import type { FakeOidc } from '@app/testkit';
import { expect } from 'vitest';
import type { Canaries } from './find-canaries.ts';
import type { Tab, TabReply } from './open-tab.ts';
import { eventually } from './start-process.ts';
import { totp } from './totp.ts';

const organization = '/api/v1/organizations/default';
const project = '/api/v1/projects/default';

export type Life = {
  openTab: () => Tab;
  /** What may be found nowhere; what the server makes is added. */
  canaries: Canaries;
  /** Of Ada, who owns the installation. */
  email: string;
  name: string;
  /** The texts of all mails so far. */
  readMails: () => string[];
};

const lastOf = (link: string) => link.split(/#token=/)[1] ?? '';
const sessionOf = (tab: Tab): string => {
  const [, value = ''] = [...tab.cookies].find(([name]) => name.endsWith('session_token')) ?? [];
  return decodeURIComponent(value);
};
const secretOf = (name: string, { canaries }: Life) => canaries[name] ?? '';

function ok(reply: TabReply): { [name: string]: unknown } {
  expect(reply.status, `${reply.asked}: ${reply.body}`).toBeLessThan(300);
  return reply.body === '' ? {} : JSON.parse(reply.body);
}

/** The owner is made, fails to sign in, signs in, and takes a second factor. Resolves to their tab. */
export async function setUpOwner(life: Life, token: string): Promise<Tab> {
  const { canaries, email, name } = life;
  const tab = life.openTab();
  const password = secretOf('password', life);
  canaries['set-up token'] = token;
  ok(await tab.send('POST', '/api/v1/setup', { token, name, email, password }));
  const enter = (who: Tab, typed: string) =>
    who.send('POST', '/api/auth/sign-in/email', { email, password: typed });
  expect((await enter(tab, secretOf('wrong password', life))).status).toBe(401);
  ok(await enter(tab, password));
  canaries['session before the second factor'] = sessionOf(tab);
  const { totpURI, backupCodes } = ok(await tab.send('POST', '/api/auth/two-factor/enable', { password }));
  const uri = String(totpURI);
  canaries['TOTP secret'] = new URL(uri).searchParams.get('secret') ?? '';
  for (const [at, code] of (backupCodes as string[]).slice(0, 2).entries())
    canaries[`backup code ${at + 1}`] = code;
  ok(await tab.send('POST', '/api/auth/two-factor/verify-totp', { code: totp(uri, Date.now()) }));
  const second = life.openTab();
  ok(await enter(second, password));
  const spent = { code: secretOf('backup code 1', life) };
  ok(await second.send('POST', '/api/auth/two-factor/verify-backup-code', spent));
  canaries['session token'] = sessionOf(second);
  return second;
}

/** A second person comes by an invitation, a third by a provider; a fourth is only invited; two ask for a new password. */
export async function letPeopleIn(life: Life, owner: Tab, oidc: FakeOidc): Promise<void> {
  const { canaries, readMails } = life;
  const invite = async (name: string) => {
    const body = { email: `${name}@example.com`, role: 'member' };
    const { link } = ok(await owner.send('POST', `${organization}/invitations`, body));
    canaries[`invitation of ${name}`] = lastOf(String(link));
  };
  for (const name of ['eve', 'bob', 'zoe']) await invite(name);
  const eve = life.openTab();
  const token = secretOf('invitation of eve', life);
  ok(await eve.send('POST', '/api/v1/invitations/view', { token }));
  const accepting = { token, name: 'Eve', password: secretOf('password of eve', life) };
  ok(await eve.send('POST', '/api/v1/invitations/accept', accepting));
  expect((await eve.send('POST', '/api/v1/invitations/accept', accepting)).status).toBeGreaterThan(399);

  const bob = life.openTab();
  Object.assign(oidc.claims, { sub: 'bob', email: 'bob@example.com', email_verified: true, name: 'Bob' });
  const begun = ok(
    await bob.send('POST', '/api/auth/sign-in/social', { provider: 'idp', callbackURL: '/traces' }),
  );
  const { pathname, search, searchParams } = new URL(oidc.authorize(String(begun.url)));
  canaries['OAuth state'] = searchParams.get('state') ?? '';
  canaries['OAuth code'] = searchParams.get('code') ?? '';
  expect((await bob.get(pathname + search)).location).toBe('/traces');
  canaries['session by OAuth'] = sessionOf(bob);
  expect((await bob.get(pathname + search)).location).toContain('error');

  for (const [at, email] of ['eve@example.com', life.email].entries()) {
    ok(await eve.send('POST', '/api/auth/request-password-reset', { email }));
    const link = await eventually(
      () => readMails().flatMap((text) => text.match(/reset-password#token=\w+/g) ?? [])[at],
    );
    canaries[`reset link ${at + 1}`] = lastOf(link);
  }
  const reset = { newPassword: secretOf('next password', life), token: secretOf('reset link 1', life) };
  ok(await eve.send('POST', '/api/auth/reset-password', reset));
  expect((await eve.send('POST', '/api/auth/reset-password', reset)).status).toBe(400);
}

export type Receivers = { webhook: string; slack: string };

/** Keys, a provider's key that changes, destinations that are tried, an alert, and what is refused. Resolves to a key that may call. */
export async function changeThings(life: Life, owner: Tab, { webhook, slack }: Receivers): Promise<string> {
  const { canaries } = life;
  const key = { name: 'ci', mode: 'live', permissions: ['inference:call', 'traces:read'] };
  canaries['API key'] = String(ok(await owner.send('POST', `${project}/keys`, key)).secret);
  const providerKeys = `${project}/provider-credentials`;
  const stored = { provider: 'own', name: 'a', secret: secretOf('first provider key', life) };
  const { id } = ok(await owner.send('POST', providerKeys, stored));
  ok(await owner.send('PATCH', `${providerKeys}/${id}`, { secret: secretOf('provider key', life) }));
  const made: string[] = [];
  for (const body of [
    { name: 'hook', kind: 'webhook', url: webhook },
    { name: 'slack', kind: 'slack', url: slack },
    { name: 'mail', kind: 'email', emails: ['oncall@example.com'] },
  ]) {
    const destination = ok(await owner.send('POST', `${organization}/destinations`, body));
    if (typeof destination.secret === 'string') canaries['webhook secret'] = destination.secret;
    made.push(String(destination.id));
    ok(await owner.send('POST', `${organization}/destinations/${destination.id}/test`));
  }
  const slackAddress = `${organization}/destinations/${made[1]}`;
  ok(await owner.send('PATCH', slackAddress, { url: `${slack}2`, budget_notices: true }));
  const alert = { name: 'changes', metric: 'audit_event', destinations: made };
  ok(await owner.send('POST', `${organization}/alerts`, alert));
  const refused = [
    await owner.send('POST', `${organization}/destinations`, {
      name: 'x',
      kind: 'slack',
      url: slack.replace('127.0.0.1', '10.1.2.3'),
    }),
    await owner.send('POST', providerKeys, { ...stored, provider: 'nobody' }),
    await owner.send('POST', providerKeys, { ...stored, weight: stored.secret }),
    await owner.send('POST', `${project}/keys`, { ...key, mode: canaries['API key'] }),
  ];
  expect(refused.filter(({ status }) => status < 400)).toEqual([]);
  return canaries['API key'];
}

/** Everything that people can read of it afterwards. */
export async function readEverything(owner: Tab): Promise<void> {
  const paths = [
    ...['audit-events?limit=200', 'audit-export', 'audit-verification', 'members', 'invitations'],
    ...['destinations', 'alerts', 'alert-events', 'security-report', 'sign-in-policy'],
  ].map((name) => `${organization}/${name}`);
  const ofProject = ['keys', 'provider-credentials', 'members', 'deletions', 'ingest-status', 'retention'];
  for (const path of [
    ...paths,
    ...ofProject.map((name) => `${project}/${name}`),
    ...['/api/v1/account', '/api/v1/session', '/api/v1/sign-in-methods'],
  ])
    expect((await owner.get(path)).status, path).toBe(200);
}

/** What was asked is exported, deleted with a receipt, and exported again. Resolves to the first export. */
export async function exportAndDelete(owner: Tab, user: string): Promise<string> {
  const { body } = await owner.get(`${project}/export?user=${user}`);
  const deletion = ok(await owner.send('POST', `${project}/deletions`, { filter: { user } }));
  await eventually(async () => {
    const { state, receipt } = ok(await owner.get(`${project}/deletions/${deletion.id}`));
    expect(state).not.toBe('failed');
    return receipt ?? undefined;
  });
  return body;
}
