import { gatewayDefaults, type Permission } from '@app/contract';
import { providerRow, Secret } from '@app/providers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { newId } from '../../src/ids.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

const path = '/api/v1/projects/default/provider-credentials';
const SECRET = 'sk-proj-canary-0123456789-aB3x';
let server: TestManagement;
let browser: Browser;
let second: { id: string; organizationId: string };

beforeAll(async () => {
  const azure = { ...providerRow({ id: 'mine', dialect: 'openai-chat', baseUrl: 'https://llm.example/v1' }) };
  const refs = {
    find: () => ({ secret: new Secret('sk-behind'), problem: undefined }),
    mayStore: (name: string, { providerId }: { providerId: string }) =>
      name === 'vault' && providerId === 'mine',
  };
  server = await openTestManagement({ credentials: { configured: [azure], refs } });
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const userId = await createAccounts(server.auth).create(person);
  const { tenants } = server.test.store;
  const { organizationId } = server.project;
  await tenants.insertMembership(organizationId, { userId, role: 'owner', createdAtMs: Date.now() });
  second = {
    id: newId('proj_', { nowMs: Date.now, randomBytes: (size) => Buffer.alloc(size, 9) }),
    organizationId,
  };
  const project = {
    id: second.id,
    slug: 'second',
    name: 'Second',
    capture: 'full',
    createdAtMs: Date.now(),
  } as const;
  await tenants.insertProject(organizationId, project);
  browser = openBrowser(server.app);
  await browser.post('/api/auth/sign-in/email', { email: person.email, password: person.password });
});
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

async function keyOf(
  project: { id: string; organizationId: string },
  {
    permissions = ['credentials:write'],
    mode = 'live',
  }: { permissions?: Permission[]; mode?: 'live' | 'test' } = {},
) {
  const wanted = { name: 'k', mode, permissions: [...gatewayDefaults, ...permissions] };
  const { secret } = await server.keys.create(project, wanted);
  return async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const headers = { authorization: `Bearer ${secret}` };
    const reply = await server.app.inject({ method, url, headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json() };
  };
}

let made = 0;
const fresh = (more: object = {}) => {
  made += 1;
  return { provider: 'openai', name: `n${made}`, secret: SECRET, ...more };
};

describe('keeping a key', () => {
  test('answers all but its secret, which no list and no table has', async () => {
    const reply = await browser.post(path, fresh({ name: 'main', weight: 3, shared: true }));
    expect(reply.statusCode).toBe(201);
    expect(reply.json()).toMatchObject({
      id: expect.stringMatching(/^cred_[0-9a-z]{26}$/),
      provider: 'openai',
      origins: ['https://api.openai.com'],
      name: 'main',
      project_id: null,
      source: 'stored',
      last_four: 'aB3x',
      weight: 3,
      enabled: true,
      status: 'ready',
      rotated_at: null,
    });
    const list = await browser.get(path);
    expect(list.json().data).toHaveLength(1);
    for (const { body } of [reply, list]) expect(body).not.toContain(SECRET.slice(0, -4));
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query(
      'select row_to_json(c)::text as text from public.provider_credentials c',
    );
    const kept = rows.map((row) => row.text).join();
    expect(kept).toContain('main');
    expect(kept).not.toContain(SECRET);
    expect(kept).not.toContain(Buffer.from(SECRET).toString('hex'));
  });

  test('of a short secret nothing is shown', async () => {
    const reply = await browser.post(path, fresh({ secret: 'fifteen-letters' }));
    expect(reply.json()).toMatchObject({ last_four: null });
  });

  test.each([
    [{ secret: undefined }, 'secret'],
    [{ reference: 'vault' }, 'reference'],
    [{ secret: undefined, reference: 'vault' }, 'reference'],
    [{ secret: 'sk-a b' }, 'secret'],
    [{ secret: 'sk-ä' }, 'secret'],
    [{ secret: ' \n ' }, 'secret'],
    [{ secret: 'x'.repeat(32_769) }, 'secret'],
    [{ provider: 'nobody' }, 'provider'],
    [{ provider: 'sandbox' }, 'provider'],
    [{ provider: 'ollama' }, 'provider'],
    [{ provider: '' }, 'provider'],
    [{ weight: -1 }, 'weight'],
    [{ weight: 1e9 }, 'weight'],
    [{ weight: 0.5 }, 'weight'],
    [{ base_url: 'https://evil.example' }, 'base_url'],
    [{ origins: ['https://evil.example'] }, 'origins'],
  ])('with %j is refused, and not repeated', async (more, param) => {
    const reply = await browser.post(path, fresh(more));
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toMatchObject({ code: 'invalid_parameter', param });
    expect(reply.body).not.toContain('sk-');
  });

  test('a name is given once', async () => {
    const body = fresh();
    expect((await browser.post(path, body)).statusCode).toBe(201);
    const again = await browser.post(path, body);
    expect(again.statusCode).toBe(409);
    expect(again.json().error).toMatchObject({ code: 'conflict', param: 'name' });
  });

  test('a reference is kept by its name, for the providers that it is listed for', async () => {
    const reply = await browser.post(
      path,
      fresh({ provider: 'mine', secret: undefined, reference: 'vault' }),
    );
    expect(reply.json()).toMatchObject({
      source: 'reference',
      reference: 'vault',
      status: 'ready',
      last_four: null,
    });
    expect(reply.body).not.toContain('sk-behind');
  });
});

describe('changing a key', () => {
  test('leaves what it does not name; a new secret is told by its time and its end', async () => {
    const ask = await keyOf(server.project);
    const { id } = (await ask('POST', path, fresh())).body;
    expect((await ask('PATCH', `${path}/${id}`, { weight: 7, enabled: false })).body).toMatchObject({
      weight: 7,
      status: 'disabled',
      last_four: 'aB3x',
      rotated_at: null,
    });
    const rotated = await ask('PATCH', `${path}/${id}`, {
      secret: 'sk-proj-canary-another-Zz9q',
      enabled: true,
    });
    expect(rotated.body).toMatchObject({ weight: 7, status: 'ready', last_four: 'Zz9q' });
    expect(rotated.body.rotated_at).toMatch(/^20/);
    expect((await ask('DELETE', `${path}/${id}`)).body).toMatchObject({ id, status: 'disabled' });
    expect(await ask('DELETE', `${path}/${id}`)).toMatchObject({ status: 404 });
    expect(await ask('PATCH', `${path}/${id}`, { weight: 1 })).toMatchObject({ status: 404 });
    expect(await ask('POST', `${path}/${id}/check`)).toMatchObject({ status: 404 });
  });
});

describe('who may', () => {
  test("a key with the permission deals with its own project's keys; it sees the organization's and changes none", async () => {
    const ask = await keyOf(second);
    const own = '/api/v1/projects/second/provider-credentials';
    const mine = (await ask('POST', own, fresh())).body;
    expect(mine.project_id).toBe(second.id);
    const shared = (await browser.post(path, fresh({ shared: true }))).json();
    const others = (await browser.post(path, fresh())).json();
    const seen = (await ask('GET', own)).body.data.map(({ id }: { id: string }) => id);
    expect(seen).toContain(mine.id);
    expect(seen).toContain(shared.id);
    expect(seen).not.toContain(others.id);
    expect(await ask('POST', own, fresh({ shared: true }))).toMatchObject({ status: 403 });
    for (const [method, below] of [
      ['PATCH', ''],
      ['DELETE', ''],
    ] as const) {
      const change = method === 'PATCH' ? { enabled: false } : undefined;
      expect(await ask(method, `${own}/${shared.id}${below}`, change)).toMatchObject({ status: 403 });
      expect(await ask(method, `${own}/${others.id}${below}`, change)).toMatchObject({ status: 404 });
      expect(await ask(method, `${path}/${others.id}${below}`, change)).toMatchObject({ status: 404 });
    }
    expect(await ask('POST', `${own}/${others.id}/check`)).toMatchObject({ status: 404 });
    expect(await ask('GET', path)).toMatchObject({ status: 404 });
  });

  test('a key without the permission, and a test key with it, may not even look', async () => {
    const { id } = (await browser.post(path, fresh())).json();
    const without = await keyOf(server.project, {
      permissions: ['keys:read', 'keys:write', 'settings:write'],
    });
    const inTest = await keyOf(server.project, { mode: 'test' });
    for (const ask of [without, inTest]) {
      expect(await ask('GET', path)).toMatchObject({ status: 403 });
      expect(await ask('POST', path, fresh())).toMatchObject({ status: 403 });
      expect(await ask('PATCH', `${path}/${id}`, { enabled: false })).toMatchObject({ status: 403 });
      expect(await ask('DELETE', `${path}/${id}`)).toMatchObject({ status: 403 });
      expect(await ask('POST', `${path}/${id}/check`)).toMatchObject({ status: 403 });
    }
    expect((await browser.get(path)).body).toContain(id);
  });

  test("another organization's key is not there at all", async () => {
    const { tenants } = server.test.store;
    await tenants.insertOrganization({ id: 'org_other', slug: 'other', name: 'O', createdAtMs: Date.now() });
    const project = {
      id: 'proj_other',
      slug: 'default',
      name: 'O',
      capture: 'full',
      createdAtMs: 0,
    } as const;
    await tenants.insertProject('org_other', project);
    const ask = await keyOf({ id: 'proj_other', organizationId: 'org_other' });
    const shared = (await browser.post(path, fresh({ shared: true }))).json();
    expect((await ask('GET', path)).body).toEqual({ data: [] });
    expect(await ask('PATCH', `${path}/${shared.id}`, { enabled: false })).toMatchObject({ status: 404 });
    expect(await ask('DELETE', `${path}/${shared.id}`)).toMatchObject({ status: 404 });
    expect(await ask('POST', `${path}/${shared.id}/check`)).toMatchObject({ status: 404 });
  });
});
