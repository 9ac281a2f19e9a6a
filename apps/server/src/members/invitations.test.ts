import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestTeam, type TestTeam } from '../../test/open-test-team.ts';

let team: TestTeam;
beforeAll(async () => {
  team = await openTestTeam();
  for (const name of ['olga', 'ada', 'mia', 'eve', 'gil']) await team.addPerson(name);
  await team.addOrganization('acme', ['chat', 'shop']);
  await team.addOrganization('other', ['secret']);
  await team.join('olga', 'owner');
  await team.join('ada', 'admin');
  await team.join('mia', 'member');
  await team.join('gil', 'owner', 'other');
}, 60_000);
// Tries are counted by the minute.
beforeEach(() => team.advance(61_000));
afterAll(async () => {
  expect(team.internalErrors).toEqual([]);
  await team.close();
});

const path = '/organizations/acme/invitations';
const password = 'correct horse battery';
let addresses = 0;
const newAddress = () => {
  addresses += 1;
  return `new${addresses}@example.org`;
};

async function invite(by: string, asked: object) {
  const answer = await team.ask(by, `POST ${path}`, asked);
  const link: string = answer.body.link ?? '';
  return { ...answer, link, id: answer.body.id ?? '', token: link.split('#token=')[1] ?? '' };
}
const view = (token: string) => team.ask('', 'POST /invitations/view', { token });
const accept = (token: string, name = `person ${token.slice(0, 8)}`) =>
  team.ask('', 'POST /invitations/accept', { token, name, password });
const acceptAs = (who: Parameters<TestTeam['ask']>[0], token: string) =>
  team.ask(who, 'POST /invitations/accept', { token });
const stale = {
  status: 403,
  code: 'insufficient_permissions',
  message: expect.stringContaining('not valid'),
};
const rolesOf = async (email: string) => {
  const { body } = await team.ask('olga', 'GET /organizations/acme/members');
  return body.data.find((each: { email: string }) => each.email === email);
};

describe('an invitation', () => {
  test('brings somebody new in with an account of their own, once', async () => {
    const email = newAddress();
    const made = await invite('ada', {
      email: email.toUpperCase(),
      role: 'member',
      projects: [{ project: 'chat', role: 'admin' }],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { email, state: 'open', created_by: 'user_ada', mailed: true },
    });
    expect(made.link).toMatch(/^http:\/\/127\.0\.0\.1:4000\/invitation#token=[\w-]{43}$/);
    expect((await view(made.token)).body).toEqual({
      organization: 'acme',
      email,
      role: 'member',
      projects: ['chat'],
      invited_by: 'ada',
      expires_at: expect.any(String),
      has_account: false,
      required_provider: null,
    });
    expect(await accept(made.token)).toMatchObject({ status: 200, body: { organization: 'acme' } });
    expect(await rolesOf(email)).toMatchObject({
      role: 'member',
      projects: [{ project_id: 'proj_chat', role: 'admin' }],
    });
    expect(await accept(made.token)).toMatchObject(stale);
    expect(await view(made.token)).toMatchObject(stale);
  });

  test('holds its token nowhere but in the link', async () => {
    const made = await invite('ada', { email: newAddress(), role: 'member' });
    const { rows } = await rowsOf('select * from public.invitations');
    expect(JSON.stringify(rows)).toContain(made.id);
    for (const kept of [rows, team.written, (await team.ask('olga', `GET ${path}`)).body]) {
      expect(JSON.stringify(kept)).not.toContain(made.token);
    }
  });

  test('lets somebody with an account in who is signed in with its address, and nobody else', async () => {
    const made = await invite('ada', { email: 'eve@example.com', role: 'member' });
    expect((await view(made.token)).body.has_account).toBe(true);
    expect(await acceptAs('gil', made.token)).toMatchObject({
      status: 403,
      message: expect.stringContaining('is for eve@'),
    });
    expect(await acceptAs('', made.token)).toMatchObject({ status: 401 });
    expect(await rolesOf('eve@example.com')).toBeUndefined();
    expect(await acceptAs('eve', made.token)).toMatchObject({ status: 200 });
    expect(await rolesOf('eve@example.com')).toMatchObject({ role: 'member' });
    await team.ask('olga', 'DELETE /organizations/acme/members/user_eve');
  });

  test('never sets a password for an account that is there', async () => {
    const made = await invite('ada', { email: 'eve@example.com', role: 'member' });
    expect(await accept(made.token)).toMatchObject({
      status: 409,
      message: expect.stringContaining('has an account'),
    });
    expect((await view(made.token)).status).toBe(200);
    await team.ask('ada', `DELETE ${path}/${made.id}`);
  });

  test('is accepted by one of many who try at once', async () => {
    const made = await invite('ada', { email: newAddress(), role: 'member' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => accept(made.token, `racer ${at}`)),
    );
    expect(answers.map(({ status }) => status).toSorted()[0]).toBe(200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('to the same new address from two organizations makes one account', async () => {
    const email = newAddress();
    const here = await invite('ada', { email, role: 'member' });
    const there = await team.ask('gil', 'POST /organizations/other/invitations', { email, role: 'admin' });
    const token: string = there.body.link.split('#token=')[1];
    const answers = await Promise.all([accept(here.token, 'one'), accept(token, 'two')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('ends after 7 days, when it is taken back, and when a new link replaces it', async () => {
    const late = await invite('ada', { email: newAddress(), role: 'member' });
    const revoked = await invite('ada', { email: newAddress(), role: 'member' });
    const replaced = await invite('ada', { email: newAddress(), role: 'member' });
    expect(await team.ask('ada', `DELETE ${path}/${revoked.id}`)).toMatchObject({
      status: 200,
      body: { state: 'revoked' },
    });
    const again = await team.ask('ada', `POST ${path}/${replaced.id}/resend`);
    expect(again).toMatchObject({ status: 200, body: { id: replaced.id, state: 'open', mailed: true } });
    expect(await accept(revoked.token)).toMatchObject(stale);
    expect(await accept(replaced.token)).toMatchObject(stale);
    expect((await accept(again.body.link.split('#token=')[1])).status).toBe(200);
    team.advance(7 * 86_400_000);
    expect(await accept(late.token)).toMatchObject(stale);
    expect((await team.ask('ada', `GET ${path}`)).body.data).toContainEqual(
      expect.objectContaining({ id: late.id, state: 'expired' }),
    );
    expect(await team.ask('ada', `POST ${path}/${revoked.id}/resend`)).toMatchObject({ status: 409 });
    expect((await team.ask('ada', `POST ${path}/${late.id}/resend`)).body.state).toBe('open');
  });

  test('answers a guess like a link that was used, and so many of them not at all', async () => {
    const made = await invite('ada', { email: newAddress(), role: 'member' });
    team.refused.length = 0;
    const guesses = await Promise.all(
      ['', 'x', "' or '1'='1", '%', made.id, made.token.slice(1), 'A'.repeat(43)].map((guess) =>
        accept(guess || '-'),
      ),
    );
    for (const guess of guesses) expect(guess).toMatchObject(stale);
    expect(team.refused).toContainEqual({
      code: 'insufficient_permissions',
      route: 'POST /api/v1/invitations/accept',
    });
    const more = await Promise.all(Array.from({ length: 20 }, () => view('A'.repeat(43))));
    expect(more.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await view(made.token)).code).toBe('rate_limit_exceeded');
    team.advance(61_000);
    expect((await view(made.token)).status).toBe(200);
  });

  test('is written down in the organization that it is about, with who accepted', async () => {
    team.written.length = 0;
    const made = await invite('ada', { email: newAddress(), role: 'member' });
    await accept(made.token, 'somebody');
    expect(team.written).toMatchObject([
      {
        action: 'invitation.create',
        organizationId: 'org_acme',
        actor: { id: 'user_ada' },
        target: { id: made.id },
      },
      {
        action: 'invitation.accept',
        organizationId: 'org_acme',
        actor: { kind: 'person', id: 'user_somebody' },
      },
    ]);
  });
});

describe('who invites', () => {
  test('gives no role above their own, in the organization or in a project', async () => {
    const refused = { status: 403, code: 'insufficient_permissions' };
    const email = newAddress();
    expect(await invite('ada', { email, role: 'owner' })).toMatchObject(refused);
    expect(await invite('ada', { email, projects: [{ project: 'chat', role: 'owner' }] })).toMatchObject(
      refused,
    );
    expect(await invite('mia', { email, role: 'member' })).toMatchObject(refused);
    const owner = await invite('olga', { email, role: 'owner' });
    expect(owner.status).toBe(201);
    expect(await team.ask('ada', `POST ${path}/${owner.id}/resend`)).toMatchObject(refused);
    expect(await team.ask('ada', `DELETE ${path}/${owner.id}`)).toMatchObject(refused);
    expect((await view(owner.token)).status).toBe(200);
  });

  test('names projects of the organization, each once, or a role', async () => {
    const email = newAddress();
    const refused = { status: 400, code: 'invalid_parameter' };
    expect(await invite('ada', { email })).toMatchObject(refused);
    expect(await invite('ada', { email, projects: [{ project: 'secret', role: 'member' }] })).toMatchObject(
      refused,
    );
    expect(
      await invite('ada', { email, projects: [{ project: 'proj_secret', role: 'member' }] }),
    ).toMatchObject(refused);
    const twice = ['chat', 'proj_chat'].map((project) => ({ project, role: 'member' }));
    expect(await invite('ada', { email, projects: twice })).toMatchObject(refused);
  });

  test('invites an address once at a time, and nobody who is a member', async () => {
    const email = newAddress();
    expect((await invite('ada', { email, role: 'member' })).status).toBe(201);
    expect(await invite('ada', { email: email.toUpperCase(), role: 'member' })).toMatchObject({
      status: 409,
    });
    team.advance(7 * 86_400_000);
    expect((await invite('ada', { email, role: 'member' })).status).toBe(201);
    expect(await invite('ada', { email: 'mia@example.com', role: 'admin' })).toMatchObject({ status: 409 });
  });

  test('reaches no invitation of another organization', async () => {
    const made = await invite('ada', { email: newAddress(), role: 'member' });
    const theirs = `/organizations/other/invitations/${made.id}`;
    expect((await team.ask('gil', `DELETE ${theirs}`)).status).toBe(404);
    expect((await team.ask('gil', `POST ${theirs}/resend`)).status).toBe(404);
    expect((await team.ask('gil', `DELETE ${path}/${made.id}`)).status).toBe(404);
    expect((await team.ask('gil', `GET ${path}`)).status).toBe(404);
  });

  test('takes nothing away from somebody who has more already', async () => {
    const email = newAddress();
    const first = await invite('olga', { email, projects: [{ project: 'chat', role: 'admin' }] });
    await accept(first.token, 'both');
    const second = await invite('olga', {
      email,
      role: 'member',
      projects: [{ project: 'chat', role: 'member' }],
    });
    expect(
      (await team.ask({ name: 'both' }, 'POST /invitations/accept', { token: second.token })).status,
    ).toBe(200);
    expect(await rolesOf(email)).toMatchObject({ role: 'member', projects: [{ role: 'admin' }] });
  });
});

describe('the e-mail', () => {
  test('goes to the invited address with the link, and carries no link of somebody else', async () => {
    team.mails.length = 0;
    await team.ask('olga', 'PATCH /organizations/acme', {
      name: 'Acme.io https://evil.example/x\u202e\n& Söhne',
    });
    const email = newAddress();
    const made = await invite('olga', { email, role: 'member' });
    const [mail] = team.mails;
    expect(mail?.to).toBe(email);
    expect(mail?.text).toContain(made.link);
    expect(`${mail?.subject} ${mail?.text.replace(made.link, '')}`).not.toMatch(
      /evil\.example|https?:|\u202e/,
    );
    expect(mail?.subject).toBe('Invitation to Acme io https evil example x & Söhne');
    await team.ask('olga', 'PATCH /organizations/acme', { name: 'acme' });
  });

  test('is sent a bounded number of times, so that nobody is bombed through us', async () => {
    const made = await invite('olga', { email: newAddress(), role: 'member' });
    const sent: boolean[] = [];
    for (let at = 0; at < 101; at += 1)
      sent.push((await team.ask('olga', `POST ${path}/${made.id}/resend`)).body.mailed);
    expect(sent.at(-1)).toBe(false);
    expect(sent[0]).toBe(true);
  });
});

test('there are at most 500 open invitations', async () => {
  await rowsOf(
    `insert into public.invitations (organization_id, id, email, projects, digest, created_at, expires_at)
     select 'org_other', 'inv_' || n, n || '@example.net', '[]', 'digest ' || n, now(), '2100-01-01'
     from generate_series(1, 500) n`,
  );
  const answer = await team.ask('gil', 'POST /organizations/other/invitations', {
    email: newAddress(),
    role: 'member',
  });
  expect(answer).toMatchObject({ status: 409, message: expect.stringContaining('open') });
});

async function rowsOf(text: string) {
  const pool = team.test.store.openAuthPool();
  try {
    return await pool.query(text);
  } finally {
    await pool.end();
  }
}
