import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { createTenancy } from '../../src/tenancy/create-tenancy.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

const password = 'correct horse battery';

let server: TestManagement;
const people = new Map<string, { browser: Browser; userId: string }>();
beforeAll(async () => {
  server = await openTestManagement();
  for (const name of ['ada', 'ben', 'eve']) {
    const email = `${name}@example.com`;
    const userId = await createAccounts(server.auth).create({ name, email, password });
    const browser = openBrowser(server.app);
    await browser.post('/api/auth/sign-in/email', { email, password });
    people.set(name, { browser, userId });
  }
  await belong('ada', server.project.organizationId, 'owner');
}, 60_000);
afterAll(async () => {
  expect(server.internalErrors).toEqual([]);
  await server.close();
});

function person(name: string) {
  const found = people.get(name);
  if (found === undefined) throw new Error(`Nobody is called ${name}.`);
  return found;
}

const belong = (name: string, organizationId: string, role: string) =>
  server.test.store.tenants.insertMembership(organizationId, {
    userId: person(name).userId,
    role,
    createdAtMs: Date.now(),
  });

type Json = Record<string, unknown> & { id: string; slug: string };
type Answer = { status: number; body: Json };

type Method = 'get' | 'post' | 'patch';

async function send(
  name: string,
  method: Method,
  [path, payload = {}]: [path: string, payload?: object],
): Promise<Answer> {
  const { browser } = person(name);
  const reply = await (method === 'get' ? browser.get(path) : browser[method](path, payload));
  return { status: reply.statusCode, body: reply.json() };
}

const get = (name: string, path: string) => send(name, 'get', [path]);
const post = (name: string, path: string, payload: object) => send(name, 'post', [path, payload]);
const patch = (name: string, path: string, payload: object) => send(name, 'patch', [path, payload]);

test('an owner makes an organization, owns it, makes projects in it, and the session lists them', async () => {
  const made = await post('ada', '/api/v1/organizations', {
    name: 'Zoë & Co',
    zone: 'europe/berlin',
  });
  expect(made).toMatchObject({
    status: 201,
    body: { slug: 'zoe-co', name: 'Zoë & Co', zone: 'Europe/Berlin', role: 'owner' },
  });
  const project = await post('ada', '/api/v1/organizations/zoe-co/projects', { name: 'Chat' });
  expect(project).toMatchObject({
    status: 201,
    body: { organization_id: made.body.id, slug: 'chat', name: 'Chat', capture: 'full' },
  });
  const session = await get('ada', '/api/v1/session');
  expect(session.body.organizations).toContainEqual(
    expect.objectContaining({ id: made.body.id, slug: 'zoe-co', zone: 'Europe/Berlin', role: 'owner' }),
  );
  expect(session.body.projects).toContainEqual(
    expect.objectContaining({ id: project.body.id, slug: 'chat' }),
  );
  const listed = await get('ada', '/api/v1/organizations');
  expect(listed.body).toMatchObject({ next_cursor: null });
  expect(listed.body.data).toHaveLength(2);
  const key = await post('ada', `/api/v1/projects/${project.body.id}/keys`, { name: 'first' });
  expect(key.status).toBe(201);
});

test('a name, a zone and what is kept can be changed, and nothing else', async () => {
  await post('ada', '/api/v1/organizations', { name: 'Change me', slug: 'change-me' });
  const path = '/api/v1/organizations/change-me';
  const changed = await patch('ada', path, { name: 'Changed', zone: 'Asia/Tokyo' });
  expect(changed.body).toMatchObject({ slug: 'change-me', name: 'Changed', zone: 'Asia/Tokyo' });
  expect((await patch('ada', path, { name: 'Again' })).body).toMatchObject({
    name: 'Again',
    zone: 'Asia/Tokyo',
  });
  const refused = await patch('ada', path, { zone: '+09:00' });
  expect(refused).toMatchObject({ status: 400, body: { error: { param: 'zone' } } });
  expect((await patch('ada', path, { slug: 'stolen' })).status).toBe(400);
  const { id } = (await post('ada', `${path}/projects`, { name: 'P', slug: 'p-of-change' })).body;
  const project = await patch('ada', '/api/v1/projects/p-of-change', {
    name: 'Q',
    capture: 'metadata',
  });
  expect(project.body).toMatchObject({ id, slug: 'p-of-change', name: 'Q', capture: 'metadata' });
  expect((await get('ada', `/api/v1/projects/${id}`)).body).toMatchObject({ name: 'Q' });
});

test('a name in addresses is given once; one that is made up gets out of the way', async () => {
  const wanted = { name: 'Twice', slug: 'twice' };
  expect((await post('ada', '/api/v1/organizations', wanted)).status).toBe(201);
  expect(await post('ada', '/api/v1/organizations', wanted)).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict' } },
  });
  const other = await post('ada', '/api/v1/organizations', { name: 'Twice' });
  expect(other.body.slug).toMatch(/^twice-[0-9a-f]{6}$/);
  const path = '/api/v1/organizations/twice/projects';
  const both = await Promise.all([1, 2].map(() => post('ada', path, { name: 'Same', slug: 'same' })));
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
});

test('who owns nothing makes no organization, unless the setting lets everybody', async () => {
  expect(await post('eve', '/api/v1/organizations', { name: 'Mine' })).toMatchObject({
    status: 403,
    body: { error: { code: 'insufficient_permissions' } },
  });
  let made = 0;
  const tenancy = createTenancy({
    tenants: server.test.store.tenants,
    newId: (prefix) => {
      made += 1;
      return `${prefix}everyone_${made}`;
    },
    newSuffix: () => 'aaaaaa',
    nowMs: () => Date.now(),
    capture: 'full',
    creators: 'everyone',
  });
  const own = await tenancy.createOwn(person('eve').userId, { name: 'Eve’s' });
  expect(own).toMatchObject({ slug: 'eve-s', role: 'owner', zone: 'UTC' });
  expect((await get('eve', `/api/v1/organizations/${own.id}`)).status).toBe(200);
});

test('what is another’s answers like what is not there, byte for byte but for the request’s own id', async () => {
  const { body: organization } = await post('ada', '/api/v1/organizations', {
    name: 'Secret',
    slug: 'secret',
  });
  const { body: project } = await post('ada', '/api/v1/organizations/secret/projects', {
    name: 'Plans',
    slug: 'plans',
  });
  await belong('ben', server.project.organizationId, 'admin');
  const shown = async (name: string, method: Method, path: string) => {
    const { status, body } = await send(name, method, [path, { name: 'X' }]);
    return JSON.stringify({ status, body }).replace(/req_[0-9a-z]+/g, 'req_');
  };
  for (const name of ['ben', 'eve']) {
    for (const [method, path] of [
      ['get', '/api/v1/organizations/'],
      ['patch', '/api/v1/organizations/'],
      ['get', '/api/v1/projects/'],
      ['patch', '/api/v1/projects/'],
    ] as const) {
      const names = path.includes('organizations') ? [organization.id, 'secret'] : [project.id, 'plans'];
      const absent = await shown(name, method, `${path}nowhere`);
      expect(absent).toContain('404');
      for (const foreign of names) expect(await shown(name, method, path + foreign)).toBe(absent);
    }
    const absent = await shown(name, 'get', '/api/v1/organizations/nowhere/projects');
    expect(await shown(name, 'get', '/api/v1/organizations/secret/projects')).toBe(absent);
    expect(await shown(name, 'post', '/api/v1/organizations/secret/projects')).toBe(absent);
    expect(JSON.stringify((await get(name, '/api/v1/session')).body)).not.toMatch(/secret|plans/i);
  }
  expect((await get('ada', '/api/v1/organizations/secret')).body).toMatchObject({ name: 'Secret' });
});

test('a project’s name that two of one’s organizations use is not guessed at', async () => {
  const ids: string[] = [];
  for (const slug of ['left', 'right']) {
    await post('ada', '/api/v1/organizations', { name: slug, slug });
    ids.push(
      (await post('ada', `/api/v1/organizations/${slug}/projects`, { name: 'Web', slug: 'web' })).body.id,
    );
  }
  expect(await patch('ada', '/api/v1/projects/web', { name: 'Which?' })).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict' } },
  });
  for (const id of ids)
    expect((await get('ada', `/api/v1/projects/${id}`)).body).toMatchObject({ name: 'Web' });
});

test('a key manages its own project where it may, and no organization at all', async () => {
  const { secret } = await server.keys.create(server.project, {
    name: 'k',
    permissions: ['settings:write', 'keys:read'],
  });
  const ask = async (method: 'GET' | 'PATCH', url: string) => {
    const headers = { host: '127.0.0.1:4000', authorization: `Bearer ${secret}` };
    const reply = await server.app.inject({
      method,
      url,
      headers,
      ...(method === 'PATCH' && { payload: { name: 'Mine' } }),
    });
    return reply.statusCode;
  };
  expect(await ask('PATCH', '/api/v1/projects/default')).toBe(200);
  expect(await ask('PATCH', '/api/v1/projects/plans')).toBe(404);
  for (const path of ['', '/default', '/default/projects', '/secret']) {
    expect(await ask('GET', `/api/v1/organizations${path}`)).toBe(403);
  }
});
