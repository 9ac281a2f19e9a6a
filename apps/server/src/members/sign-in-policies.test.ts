import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestTeam, type TestTeam } from '../../test/open-test-team.ts';

let team: TestTeam;
beforeAll(async () => {
  team = await openTestTeam();
  for (const name of ['olga', 'ada', 'mia', 'pia', 'gil', 'eve']) await team.addPerson(name);
  for (const [slug, project] of [
    ['acme', 'chat'],
    ['other', 'secret'],
  ] as const) {
    await team.addOrganization(slug, [project]);
  }
  await team.join('olga', 'owner');
  await team.join('ada', 'admin');
  await team.join('mia', 'member');
  await team.joinProject('pia', 'admin', 'chat');
  await team.join('gil', 'owner', 'other');
}, 60_000);
beforeEach(async () => {
  team.written.length = 0;
  const operator = { kind: 'operator' } as const;
  const open = { domains: [], required_provider: null, two_factor_required: false };
  for (const id of ['org_acme', 'org_other']) await team.management.signInPolicies.change(id, open, operator);
});
afterAll(async () => {
  expect(team.internalErrors).toEqual([]);
  await team.close();
});

const policy = '/organizations/acme/sign-in-policy';
const byOkta = (name: string) => ({ name, method: 'okta' });
const change = (who: Parameters<TestTeam['ask']>[0], payload: object) =>
  team.ask(who, `PATCH ${policy}`, payload);
const rule = (domain: string, provider = 'okta', role = 'member') => ({ domain, provider, role });

describe('an enforced provider', () => {
  test('keeps every session out that came in another way, from the next request on, and says which to use', async () => {
    expect((await change(byOkta('olga'), { required_provider: 'okta' })).status).toBe(200);
    const routes = [
      'GET /organizations/acme',
      `GET ${policy}`,
      'GET /organizations/acme/members',
      'GET /projects/chat',
      'PATCH /projects/chat',
    ];
    for (const name of ['olga', 'ada', 'pia']) {
      for (const came of [
        { name },
        { name, method: 'google' },
        { name, method: 'passkey', twoFactor: true },
      ]) {
        for (const route of routes) {
          const answer = await team.ask(came, route, route.startsWith('PATCH') ? {} : undefined);
          expect(answer, `${name} ${route}`).toMatchObject({
            status: 403,
            code: 'insufficient_permissions',
            message: expect.stringContaining('"okta"'),
          });
        }
      }
    }
    for (const route of routes)
      expect((await team.ask(byOkta('olga'), route, route.startsWith('PATCH') ? {} : undefined)).status).toBe(
        200,
      );
  });

  test('is told to the session, which is shown nothing of the organization until then', async () => {
    await change(byOkta('olga'), { required_provider: 'okta' });
    const kept = await team.ask('ada', 'GET /session');
    expect(kept.body.organizations).toMatchObject([
      { slug: 'acme', role: 'admin', permissions: [], needs: { kind: 'provider', provider: 'okta' } },
    ]);
    expect(kept.body.projects).toEqual([]);
    const open = await team.ask(byOkta('ada'), 'GET /session');
    expect(open.body.organizations).toMatchObject([{ needs: null }]);
    expect(open.body.user).toMatchObject({ method: 'okta', two_factor: false });
    expect(open.body.projects).toMatchObject([{ slug: 'chat', role: 'admin' }]);
    expect(open.body.projects[0].permissions).toContain('members:write');
  });

  test('is no matter of other organizations', async () => {
    await change(byOkta('olga'), { required_provider: 'okta' });
    expect((await team.ask('gil', 'GET /projects/secret')).status).toBe(200);
  });

  test('is set by an owner who came by it, so that nobody locks themselves or the owners out', async () => {
    const lockOut = { status: 409, message: expect.stringContaining('lock yourself out') };
    expect(await change('olga', { required_provider: 'okta' })).toMatchObject(lockOut);
    expect(await change({ name: 'olga', method: 'google' }, { required_provider: 'okta' })).toMatchObject(
      lockOut,
    );
    expect(await change(byOkta('ada'), { required_provider: 'okta' })).toMatchObject({ status: 403 });
    expect(await change(byOkta('mia'), { required_provider: 'okta' })).toMatchObject({ status: 403 });
    expect((await team.ask('olga', `GET ${policy}`)).body.required_provider).toBeNull();
  });

  test('is one of the configuration; another one is named with those there are', async () => {
    expect(await change({ name: 'olga', method: 'nope' }, { required_provider: 'nope' })).toMatchObject({
      status: 400,
      code: 'invalid_parameter',
      message:
        '"nope" is not in `sign_in.providers` of the server\'s configuration: it names "okta", "google".',
    });
    expect(await change('olga', { required_provider: 'password' })).toMatchObject({ status: 400 });
  });

  test('lets nobody accept an invitation in another way', async () => {
    const invited = async (email: string) =>
      (await team.ask(byOkta('olga'), 'POST /organizations/acme/invitations', { email, role: 'member' }))
        .body;
    await change(byOkta('olga'), { required_provider: 'okta' });
    const fresh = await invited('fresh@example.org');
    const known = await invited('eve@example.com');
    const accept = (who: Parameters<TestTeam['ask']>[0], link: string, more = {}) =>
      team.ask(who, 'POST /invitations/accept', { token: link.split('#token=')[1], ...more });
    const viewed = await team.ask('', 'POST /invitations/view', { token: fresh.link.split('#token=')[1] });
    expect(viewed.body.required_provider).toBe('okta');
    const person = { name: 'fresh', password: 'correct horse battery' };
    const refused = { status: 403, message: expect.stringContaining('"okta"') };
    expect(await accept('', fresh.link, person)).toMatchObject(refused);
    expect(await accept('eve', known.link)).toMatchObject(refused);
    expect(await accept(byOkta('eve'), known.link)).toMatchObject({ status: 200 });
    await team.management.members.remove('org_acme', 'user_eve', { kind: 'operator' });
  });

  test('is lifted by the operator', async () => {
    await change(byOkta('olga'), { required_provider: 'okta' });
    expect(await change('olga', { required_provider: null })).toMatchObject({ status: 403 });
    await team.management.signInPolicies.change(
      'org_acme',
      { required_provider: null },
      { kind: 'operator' },
    );
    expect((await team.ask('olga', `GET ${policy}`)).status).toBe(200);
  });
});

describe('a demanded second factor', () => {
  test('keeps sessions out that came without one; a passkey is two by itself', async () => {
    expect(await change('olga', { two_factor_required: true })).toMatchObject({ status: 409 });
    expect((await change({ name: 'olga', twoFactor: true }, { two_factor_required: true })).status).toBe(200);
    const ask = (came: { name: string; method?: string; twoFactor?: boolean }) =>
      team.ask(came, 'GET /projects/chat');
    expect(await ask({ name: 'ada' })).toMatchObject({
      status: 403,
      message: expect.stringContaining('second factor'),
    });
    expect(await ask({ name: 'ada', method: 'google' })).toMatchObject({ status: 403 });
    expect((await ask({ name: 'ada', twoFactor: true })).status).toBe(200);
    expect((await ask({ name: 'ada', method: 'passkey' })).status).toBe(200);
    expect((await team.ask('ada', 'GET /session')).body.organizations[0].needs).toEqual({
      kind: 'two_factor',
      provider: null,
    });
  });
});

describe('CVE-2026-35029: a policy', () => {
  test('is changed by owners and admins alone, and how everybody signs in by owners alone', async () => {
    for (const name of ['mia', 'pia']) {
      expect(await change(name, { stale_days: 7 }), name).toMatchObject({
        status: 403,
        code: 'insufficient_permissions',
      });
    }
    for (const name of ['gil', 'eve'])
      expect(await change(name, { stale_days: 7 }), name).toMatchObject({ status: 404 });
    expect(await change('', { stale_days: 7 })).toMatchObject({ status: 401 });
    expect(await change('ada', { two_factor_required: true })).toMatchObject({ status: 403 });
    expect(await change('ada', { stale_days: 30 })).toMatchObject({ status: 200, body: { stale_days: 30 } });
    expect(team.written).toMatchObject([
      { outcome: expect.stringContaining('failed') },
      {
        action: 'sign_in_policy.change',
        organizationId: 'org_acme',
        before: { stale_days: 90 },
        after: { stale_days: 30 },
      },
    ]);
    await change('ada', { stale_days: 90 });
  });
});

describe('a domain', () => {
  const newcomer = (email: string, more: { provider?: string; emailVerified?: boolean } = {}) =>
    team.joins.mayJoin({ email, provider: 'okta', emailVerified: true, ...more });

  test('lets in whom its provider vouches for, and nobody else', async () => {
    await change('ada', { domains: [rule('corp.example')] });
    expect(await newcomer('Kim@Corp.Example')).toMatchObject({ ok: true });
    for (const [email, more] of [
      ['kim@corp.example', { emailVerified: false }],
      ['kim@corp.example', { provider: 'google' }],
      ['kim@sub.corp.example', {}],
      ['kim@xcorp.example', {}],
      ['kim@corp.example.evil.example', {}],
      ['kim@corp.example@evil.example', {}],
      ['kim@\u212Aorp.example', {}],
      ['', {}],
    ] as const) {
      expect(await newcomer(email, more), email).toMatchObject({ ok: false, message: expect.any(String) });
    }
  });

  test('gives its role, is written down, and makes no account for who may not join', async () => {
    await change('ada', { domains: [rule('corp.example', 'okta', 'admin')] });
    const answer = await newcomer('lou@corp.example');
    if (!answer.ok) throw new Error(answer.message);
    await team.addPerson('lou');
    team.written.length = 0;
    await answer.onCreated('user_lou');
    expect((await team.ask('lou', 'GET /organizations/acme')).status).toBe(200);
    expect(team.written).toMatchObject([
      {
        action: 'member.add',
        organizationId: 'org_acme',
        actor: { id: 'user_lou' },
        after: { role: 'admin', by: 'domain, okta' },
      },
    ]);
  });

  test('does not let a removed member back in, and an invitation does', async () => {
    await change('ada', { domains: [rule('example.com')] });
    await team.addPerson('max');
    const come = () =>
      team.joins.welcome({
        userId: 'user_max',
        email: 'max@example.com',
        emailVerified: true,
        provider: 'okta',
      });
    await come();
    expect((await team.ask('max', 'GET /organizations/acme')).status).toBe(200);
    await team.ask('ada', 'DELETE /organizations/acme/members/user_max');
    await come();
    expect((await team.ask('max', 'GET /organizations/acme')).status).toBe(404);
    expect(await newcomer('max@example.com')).toMatchObject({ ok: false });
    const { body } = await team.ask('ada', 'POST /organizations/acme/invitations', {
      email: 'max@example.com',
      role: 'member',
    });
    expect(
      (await team.ask('max', 'POST /invitations/accept', { token: body.link.split('#token=')[1] })).status,
    ).toBe(200);
    await come();
    expect((await team.ask('max', 'GET /organizations/acme')).status).toBe(200);
  });

  test('leaves a member the role that somebody gave them', async () => {
    await change('ada', { domains: [rule('example.com', 'okta', 'admin')] });
    await team.joins.welcome({
      userId: 'user_mia',
      email: 'mia@example.com',
      emailVerified: true,
      provider: 'okta',
    });
    expect((await team.ask('mia', `PATCH ${policy}`, { stale_days: 1 })).status).toBe(403);
  });

  test('under which anybody gets an address is refused', async () => {
    for (const domain of ['gmail.com', 'GMail.com', 'outlook.com', 'qq.com', 'proton.me']) {
      expect(await change('ada', { domains: [rule(domain)] }), domain).toMatchObject({
        status: 400,
        message: expect.stringContaining('Anybody'),
      });
    }
    for (const domain of ['com', '*.example.com', 'a@b.example', 'exa mple.com', '-x.example', '127.0.0.1']) {
      expect((await change('ada', { domains: [rule(domain)] })).status, domain).toBe(400);
    }
  });

  test('of one provider belongs to one organization, and a refused list leaves the old one', async () => {
    await change('ada', { domains: [rule('corp.example'), rule('corp.example', 'google')] });
    const theirs = (domains: object[]) =>
      team.ask('gil', 'PATCH /organizations/other/sign-in-policy', { domains });
    expect((await theirs([rule('mine.example')])).status).toBe(200);
    expect(await theirs([rule('new.example'), rule('corp.example')])).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    expect((await team.ask('gil', 'GET /organizations/other/sign-in-policy')).body.domains).toEqual([
      rule('mine.example'),
    ]);
    expect(await change('ada', { domains: [rule('a.example'), rule('a.example')] })).toMatchObject({
      status: 409,
    });
    expect(await change('ada', { domains: [rule('a.example', 'nope')] })).toMatchObject({ status: 400 });
  });

  test('lets nobody in by another provider than the one that is demanded', async () => {
    await change('ada', { domains: [rule('corp.example', 'google')] });
    await change(byOkta('olga'), { required_provider: 'okta' });
    expect(await newcomer('kim@corp.example', { provider: 'google' })).toMatchObject({ ok: false });
  });
});

describe('somebody invited who comes from a provider', () => {
  test('joins when the provider vouches for the address, and uses the invitation up', async () => {
    const { body } = await team.ask('ada', 'POST /organizations/acme/invitations', {
      email: 'zoe@example.com',
      projects: [{ project: 'chat', role: 'member' }],
    });
    const newcomer = { email: 'Zoe@example.com', provider: 'google' };
    expect(await team.joins.mayJoin({ ...newcomer, emailVerified: false })).toMatchObject({ ok: false });
    const answer = await team.joins.mayJoin({ ...newcomer, emailVerified: true });
    if (!answer.ok) throw new Error(answer.message);
    await team.addPerson('zoe');
    await answer.onCreated('user_zoe');
    expect((await team.ask('zoe', 'GET /projects/chat')).status).toBe(200);
    expect((await team.ask('zoe', 'GET /organizations/acme')).status).toBe(403);
    const again = await team.ask('zoe', 'POST /invitations/accept', { token: body.link.split('#token=')[1] });
    expect(again.status).toBe(403);
    expect(await team.joins.mayJoin({ ...newcomer, emailVerified: true })).toMatchObject({ ok: false });
  });

  test('gets nothing of one that was taken back while they came', async () => {
    const { body } = await team.ask('ada', 'POST /organizations/acme/invitations', {
      email: 'yan@example.com',
      role: 'admin',
    });
    const answer = await team.joins.mayJoin({
      email: 'yan@example.com',
      provider: 'google',
      emailVerified: true,
    });
    if (!answer.ok) throw new Error(answer.message);
    await team.ask('ada', `DELETE /organizations/acme/invitations/${body.id}`);
    await team.addPerson('yan');
    await answer.onCreated('user_yan');
    expect((await team.ask('yan', 'GET /organizations/acme')).status).toBe(404);
  });
});
