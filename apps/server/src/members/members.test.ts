import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestTeam, type TestTeam } from '../../test/open-test-team.ts';

let team: TestTeam;
beforeAll(async () => {
  team = await openTestTeam();
  for (const name of ['olga', 'otto', 'ada', 'mia', 'pia', 'eve', 'gil', 'ina']) await team.addPerson(name);
}, 60_000);
afterAll(async () => {
  expect(team.internalErrors).toEqual([]);
  await team.close();
});

let organizations = 0;
/** An organization of its own: olga and otto own it, ada is an admin, mia a member, pia in one project only. */
async function openOrganization() {
  organizations += 1;
  const slug = `acme${organizations}`;
  const project = `chat${organizations}`;
  await team.addOrganization(slug, [project, `other${organizations}`]);
  for (const [name, role] of [
    ['olga', 'owner'],
    ['otto', 'owner'],
    ['ada', 'admin'],
    ['mia', 'member'],
  ] as const) {
    await team.join(name, role, slug);
  }
  await team.joinProject('pia', 'admin', project);
  const members = `/organizations/${slug}/members`;
  return { slug, project, members, inProject: `/projects/${project}/members` };
}

describe('who belongs to an organization', () => {
  test('is shown with role, projects, and whether they were active', async () => {
    const { members, slug } = await openOrganization();
    const userId = 'user_mia';
    const touched = { organizationId: `org_${slug}`, userId, atMs: team.nowMs() - 86_400_000 };
    await team.test.store.members.touchMemberActivity([touched]);
    const { body } = await team.ask('mia', `GET ${members}`);
    expect(body).toMatchObject({ next_cursor: null, stale_days: 90 });
    expect(body.data.map((each: { email: string; role: string }) => [each.email, each.role])).toEqual([
      ['ada@example.com', 'admin'],
      ['mia@example.com', 'member'],
      ['olga@example.com', 'owner'],
      ['otto@example.com', 'owner'],
      ['pia@example.com', null],
    ]);
    expect(body.data[4].projects).toMatchObject([{ role: 'admin' }]);
    expect(body.data[1]).toMatchObject({ last_active_at: '2026-05-31T00:00:00.000Z', is_stale: false });
  });

  test('is stale after as many days without activity as the policy says', async () => {
    const { slug, members } = await openOrganization();
    const policy = `PATCH /organizations/${slug}/sign-in-policy`;
    expect((await team.ask('ada', policy, { stale_days: 1 })).status).toBe(200);
    const before = team.nowMs();
    const stale = async () =>
      (await team.ask('ada', `GET ${members}`)).body.data.filter(
        (each: { is_stale: boolean }) => each.is_stale,
      );
    expect(await stale()).toHaveLength(0);
    team.advance(86_400_000);
    expect(await stale()).toHaveLength(5);
    team.advance(before - team.nowMs());
  });
});

describe('nobody gives, takes or changes a role above their own', () => {
  test('an admin changes admins and members, and no owner, also not themselves into one', async () => {
    const { members } = await openOrganization();
    const set = (id: string, role: string) => team.ask('ada', `PATCH ${members}/user_${id}`, { role });
    expect(await set('mia', 'admin')).toMatchObject({ status: 200, body: { role: 'admin' } });
    expect(await set('mia', 'member')).toMatchObject({ status: 200, body: { role: 'member' } });
    for (const [id, role] of [
      ['mia', 'owner'],
      ['ada', 'owner'],
      ['olga', 'member'],
      ['olga', 'owner'],
    ] as const) {
      expect(await set(id, role), `${id} ${role}`).toMatchObject({
        status: 403,
        code: 'insufficient_permissions',
      });
    }
    expect((await team.ask('ada', `DELETE ${members}/user_otto`)).status).toBe(403);
    expect((await team.ask('mia', `PATCH ${members}/user_mia`, { role: 'owner' })).status).toBe(403);
    expect((await team.ask('mia', `DELETE ${members}/user_ada`)).status).toBe(403);
  });

  test('CVE-2026-47102: a role is set by the one operation for it and by no field of another', async () => {
    const { members, slug, project } = await openOrganization();
    const tried = [
      [`PATCH ${members}/user_mia`, { role: 'member', user_role: 'owner' }],
      [`PATCH ${members}/user_mia`, { role: 'member', is_operator: true }],
      [`PATCH ${members}/user_mia`, { role: ['owner'] }],
      [`PATCH ${members}/user_mia`, { role: 'OWNER' }],
      [`PATCH ${members}/user_mia`, { role: 'root' }],
      [`PATCH /organizations/${slug}`, { name: 'x', role: 'owner' }],
      [`PATCH /projects/${project}`, { name: 'x', members: [{ user_id: 'user_mia', role: 'owner' }] }],
      [
        `POST /organizations/${slug}/invitations`,
        { email: 'a@example.org', role: 'member', created_by: 'user_olga' },
      ],
      [`PATCH /organizations/${slug}/sign-in-policy`, { role: 'owner' }],
      [
        `PATCH /organizations/${slug}/sign-in-policy`,
        { domains: [{ domain: 'example.org', provider: 'okta', role: 'owner' }] },
      ],
    ] as const;
    for (const [route, payload] of tried) {
      expect(await team.ask('ada', route, payload), JSON.stringify(payload)).toMatchObject({
        status: 400,
        code: 'invalid_parameter',
      });
    }
    const { body } = await team.ask('olga', `GET ${members}`);
    expect(body.data.find((each: { user_id: string }) => each.user_id === 'user_mia').role).toBe('member');
  });

  test('whoever lost the role while their request was under way changes nothing', async () => {
    const { members, slug } = await openOrganization();
    const { management } = team;
    const organizationId = `org_${slug}`;
    await team.ask('olga', `PATCH ${members}/user_ada`, { role: 'member' });
    const actor = { kind: 'user', id: 'user_ada' } as const;
    const change = { userId: 'user_mia', role: 'admin' } as const;
    await expect(management.members.change(organizationId, change, actor)).rejects.toMatchObject({
      code: 'insufficient_permissions',
    });
    await expect(management.members.remove(organizationId, 'user_mia', actor)).rejects.toMatchObject({
      code: 'insufficient_permissions',
    });
    const asked = { email: 'x@example.org', role: 'member' } as const;
    await expect(
      management.invitations.create({ id: organizationId, name: slug }, asked, actor),
    ).rejects.toMatchObject({ code: 'insufficient_permissions' });
  });
});

describe('the last owner', () => {
  test('stays, whoever asks', async () => {
    const { members } = await openOrganization();
    expect((await team.ask('olga', `DELETE ${members}/user_otto`)).status).toBe(200);
    for (const route of [`DELETE ${members}/user_olga`, `PATCH ${members}/user_olga`]) {
      const payload = route.startsWith('PATCH') ? { role: 'admin' } : undefined;
      expect(await team.ask('olga', route, payload)).toMatchObject({ status: 409, code: 'conflict' });
    }
  });

  test('stays also when two owners demote or remove each other at once: one of them fails', async () => {
    const { members } = await openOrganization();
    const answers = await Promise.all([
      team.ask('olga', `PATCH ${members}/user_otto`, { role: 'member' }),
      team.ask('otto', `DELETE ${members}/user_olga`),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { body } = await team.ask('ada', `GET ${members}`);
    expect(body.data.filter((each: { role: string }) => each.role === 'owner')).toHaveLength(1);
  });
});

describe('a removed member', () => {
  test('is out of the organization and all its projects with the next request, and keeps account and keys', async () => {
    const { members, slug, project } = await openOrganization();
    await team.joinProject('mia', 'owner', project);
    expect((await team.ask('mia', `GET /projects/${project}`)).status).toBe(200);
    const key = { id: `key_of_${slug}`, name: 'build', projectId: `proj_${project}` };
    await insertKey(key, `org_${slug}`, 'user_mia');
    const { body } = await team.ask('olga', `DELETE ${members}/user_mia`);
    expect(body.keys).toEqual([{ id: key.id, name: 'build', project_id: key.projectId }]);
    for (const route of [`GET /projects/${project}`, `GET ${members}`, `GET /organizations/${slug}`]) {
      expect(await team.ask('mia', route), route).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await team.ask('mia', 'GET /session')).status).toBe(200);
    expect(await team.test.store.keys.findKey(key.projectId, { id: key.id })).toMatchObject({
      id: key.id,
    });
  });

  test('takes the invitations along that they made, and one to their own address', async () => {
    const { members, slug } = await openOrganization();
    const invitations = `/organizations/${slug}/invitations`;
    await team.ask('ada', `POST ${invitations}`, { email: 'one@example.org', role: 'admin' });
    await team.ask('olga', `POST ${invitations}`, { email: 'two@example.org', role: 'owner' });
    const states = async () =>
      Object.fromEntries(
        (await team.ask('otto', `GET ${invitations}`)).body.data.map(
          (each: { email: string; state: string }) => [each.email, each.state],
        ),
      );
    await team.ask('otto', `PATCH ${members}/user_olga`, { role: 'admin' });
    expect(await states()).toEqual({ 'one@example.org': 'open', 'two@example.org': 'revoked' });
    await team.ask('otto', `DELETE ${members}/user_ada`);
    expect(await states()).toEqual({ 'one@example.org': 'revoked', 'two@example.org': 'revoked' });
  });
});

async function insertKey(
  key: { id: string; name: string; projectId: string },
  organizationId: string,
  by: string,
) {
  await team.test.store.keys.insertKey(key.projectId, {
    organizationId,
    id: key.id,
    name: key.name,
    kind: 'gateway',
    mode: 'live',
    environment: 'production',
    permissions: ['inference:call'],
    digest: key.id,
    prefix: 'tr_live_',
    lastFour: 'aB3x',
    requestsPerMinuteMax: 600,
    concurrencyMax: 20,
    createdAtMs: team.nowMs(),
    createdBy: by,
    expiresAtMs: undefined,
  });
}

describe('a project', () => {
  test('is open by the stronger of two roles, and says where it comes from', async () => {
    const { inProject, project } = await openOrganization();
    expect(
      (await team.ask('ada', `POST ${inProject}`, { email: 'MIA@example.com', role: 'admin' })).status,
    ).toBe(201);
    const { body } = await team.ask('mia', `GET ${inProject}`);
    expect(
      body.data.map((each: { name: string; role: string; by: string }) => [each.name, each.role, each.by]),
    ).toEqual([
      ['ada', 'admin', 'organization'],
      ['mia', 'admin', 'project'],
      ['olga', 'owner', 'organization'],
      ['otto', 'owner', 'organization'],
      ['pia', 'admin', 'project'],
    ]);
    expect((await team.ask('mia', `PATCH /projects/${project}`, { name: 'changed' })).status).toBe(200);
    expect((await team.ask('mia', `DELETE ${inProject}/user_mia`)).status).toBe(200);
    expect((await team.ask('mia', `PATCH /projects/${project}`, { name: 'again' })).status).toBe(403);
  });

  test('is all that who belongs to it alone sees of its organization', async () => {
    const { slug, project, members } = await openOrganization();
    const { body } = await team.ask('pia', 'GET /session');
    const own = body.projects.filter((each: { slug: string }) => each.slug === project);
    expect(own).toMatchObject([{ role: 'admin' }]);
    expect(body.projects.some((each: { slug: string }) => each.slug.startsWith('other'))).toBe(false);
    const shown = body.organizations.find((each: { slug: string }) => each.slug === slug);
    expect(shown).toMatchObject({ role: 'none', permissions: [], needs: null, is_operator: false });
    for (const path of ['', '/members', '/invitations', '/sign-in-policy', '/projects']) {
      expect((await team.ask('pia', `GET /organizations/${slug}${path}`)).status, path).toBe(403);
    }
    expect((await team.ask('pia', 'GET /organizations')).body.data).toEqual([]);
    expect((await team.ask('pia', `PATCH ${members}/user_pia`, { role: 'owner' })).status).toBe(403);
    expect((await team.ask('pia', `GET /projects/${project.replace('chat', 'other')}`)).status).toBe(404);
  });

  test('is given by its admins to people of the organization, no further than their own role', async () => {
    const { inProject } = await openOrganization();
    const add = (email: string, role: string) => team.ask('pia', `POST ${inProject}`, { email, role });
    expect(await add('mia@example.com', 'owner')).toMatchObject({ status: 403 });
    expect(await add('eve@example.com', 'member')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await add('mia@example.com', 'admin')).toMatchObject({ status: 201 });
    expect(await add('olga@example.com', 'member')).toMatchObject({ status: 403 });
    expect(await add('ada@example.com', 'member')).toMatchObject({ status: 409 });
    expect((await team.ask('pia', `PATCH ${inProject}/user_eve`, { role: 'member' })).status).toBe(404);
    expect((await team.ask('pia', `DELETE ${inProject}/user_ada`)).status).toBe(409);
    expect((await team.ask('olga', `PATCH ${inProject}/user_mia`, { role: 'owner' })).status).toBe(200);
    expect((await team.ask('pia', `DELETE ${inProject}/user_mia`)).status).toBe(403);
  });

  test('is not entered from a project of another organization, whatever one is there', async () => {
    const here = await openOrganization();
    const there = await openOrganization();
    await team.joinProject('gil', 'owner', there.project);
    expect((await team.ask('gil', `GET ${here.inProject}`)).status).toBe(404);
    expect(
      (await team.ask('gil', `POST ${here.inProject}`, { email: 'gil@example.com', role: 'owner' })).status,
    ).toBe(404);
    expect((await team.ask('gil', `GET ${here.members}`)).status).toBe(404);
  });
});

test('every change of members is written down with what was before and after', async () => {
  const { members, slug, inProject } = await openOrganization();
  team.written.length = 0;
  await team.ask('ada', `PATCH ${members}/user_mia`, { role: 'admin' });
  await team.ask('ada', `POST ${inProject}`, { email: 'mia@example.com', role: 'admin' });
  await team.ask('ada', `DELETE ${members}/user_mia`);
  expect(team.written).toMatchObject([
    {
      action: 'member.change',
      organizationId: `org_${slug}`,
      actor: { kind: 'person', id: 'user_ada', label: 'ada@example.com', role: 'admin', sessionId: 's' },
      target: { kind: 'member', id: 'user_mia' },
      before: { role: 'member' },
      after: { role: 'admin' },
    },
    { action: 'member.add', target: { id: 'user_mia' }, after: { role: 'admin' } },
    { action: 'member.remove', before: { role: 'admin' }, after: { role: null } },
  ]);
});

test('who is let in is noted as active there, and who is refused is not', async () => {
  const { slug, members } = await openOrganization();
  team.active.length = 0;
  await team.ask('mia', `GET ${members}`);
  await team.ask('mia', `DELETE ${members}/user_ada`);
  await team.ask('eve', `GET ${members}`);
  expect(team.active).toEqual([`org_${slug} user_mia`]);
});
