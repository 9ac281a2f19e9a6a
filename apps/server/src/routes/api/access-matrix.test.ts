import { randomBytes } from 'node:crypto';
import { gatewayDefaults, type Permission, Permission as PermissionList } from '@app/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAccess, type Need } from '../../../test/access-table.ts';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';
import { silentAudit } from '../../../test/silent-audit.ts';
import type { SessionUser } from '../../identity/create-find-session.ts';
import { newId } from '../../ids.ts';
import type { Operation } from './operation.ts';

/** What every role may do, written out: the server's own table is held against this one. */
const reading: readonly Permission[] = [
  ...(['models:read', 'responses:read', 'rules:read'] as const),
  ...(['traces:read', 'traces:write', 'analytics:read', 'keys:read'] as const),
];
const changing: readonly Permission[] = [
  ...(['rules:write', 'keys:write', 'budgets:write', 'credentials:write', 'members:write'] as const),
  ...(['audit:read', 'settings:write', 'errors:debug'] as const),
];
const mayDo: { readonly [role: string]: readonly Permission[] } = {
  owner: [...reading, ...changing],
  admin: [...reading, ...changing],
  member: reading,
  none: [],
};

/** Everybody, by what they are in the organization at home and in its project. */
const people: { readonly [who: string]: { organization: string; project: string } } = {
  'organization owner': { organization: 'owner', project: 'none' },
  'organization admin': { organization: 'admin', project: 'none' },
  'organization member': { organization: 'member', project: 'none' },
  'organization member, project admin': { organization: 'member', project: 'admin' },
  'organization owner, project member': { organization: 'owner', project: 'member' },
  'project owner': { organization: 'none', project: 'owner' },
  'project admin': { organization: 'none', project: 'admin' },
  'project member': { organization: 'none', project: 'member' },
  'owner of another organization': { organization: 'none', project: 'none' },
  'somebody who was removed': { organization: 'none', project: 'none' },
  'somebody who belongs to nothing': { organization: 'none', project: 'none' },
};

type Place = { organization: string; project: string };
const home: Place = { organization: 'default', project: 'default' };
const abroad: Place = { organization: 'other', project: 'secret-plans' };
/** Everybody at home is an owner there too, and none of them came by the provider that it demands. */
const guarded: Place = { organization: 'guarded', project: 'guarded-plans' };

/** What asks for more than the permission that it stands under. */
const needsMore: ReadonlyMap<string, readonly Permission[]> = new Map([
  [
    'GET /api/v1/projects/:project/export',
    ['settings:write', 'traces:read', 'keys:read', 'audit:read'] as const,
  ],
]);
/** What is for the organization that runs the installation. */
const ofOperator = new Set(['GET /api/v1/organizations/:organization/security-report']);

let server: TestManagement;
const sessions = new Map<string, SessionUser>();
const keys = new Map<string, string>();

beforeAll(async () => {
  server = await openTestManagement({ findSession: async ({ cookie }) => findSession(cookie) });
  const foreign = await openOrganization(abroad);
  const sealed = await openOrganization(guarded);
  await openPeople(foreign.organizationId, sealed.organizationId);
  await server.people.signInPolicies.change(
    sealed.organizationId,
    { required_provider: 'okta' },
    { kind: 'operator' },
  );
  const sets = [...PermissionList.options.map((each) => [each]), ...needsMore.values()];
  await Promise.all(
    sets.map(async (needed) => {
      const key = { name: 'k', permissions: [...gatewayDefaults, ...needed] };
      keys.set(needed.join(), (await server.keys.create(server.project, key)).secret);
      keys.set(`foreign ${needed.join()}`, (await server.keys.create(foreign, key)).secret);
    }),
  );
}, 60_000);
afterAll(async () => {
  expect(server.internalErrors).toEqual([]);
  await server.close();
});

function findSession(cookie: string | string[] | undefined) {
  const user = sessions.get(decodeURIComponent(String(cookie ?? '')));
  return user === undefined ? undefined : { user, setCookies: [] };
}

async function openOrganization({ organization: slug, project }: Place) {
  const { tenants } = server.test.store;
  const ids = { nowMs: Date.now, randomBytes };
  const createdAtMs = Date.now();
  const organizationId = newId('org_', ids);
  await tenants.insertOrganization({ id: organizationId, slug, name: slug, createdAtMs });
  const id = newId('proj_', ids);
  const row = { id, slug: project, name: project, capture: 'full' as const, createdAtMs };
  await tenants.insertProject(organizationId, row);
  return { id, organizationId };
}

async function openPeople(foreignId: string, sealedId: string): Promise<void> {
  const { tenants, members } = server.test.store;
  const { organizationId, id: projectId } = server.project;
  const createdAtMs = Date.now();
  const { internalAdapter } = await server.auth.$context;
  for (const [at, [who, { organization, project }]] of Object.entries(people).entries()) {
    const email = `person${at}@example.com`;
    const { id: userId } = await internalAdapter.createUser(
      { name: who, email, emailVerified: true },
      { method: 'test' },
    );
    sessions.set(who, { id: userId, name: who, email, sessionId: 's', method: 'password', twoFactor: true });
    const join = (id: string, role: string) => tenants.insertMembership(id, { userId, role, createdAtMs });
    if (organization !== 'none') await join(organizationId, organization);
    if (organization !== 'none' || project !== 'none') await join(sealedId, 'owner');
    if (project !== 'none') {
      const row = { organizationId, userId, role: project, createdAtMs };
      await members.alone(organizationId, (locked) => locked.upsertProjectMembership(projectId, row));
    }
    if (who === 'owner of another organization') await join(foreignId, 'owner');
    if (who === 'somebody who was removed') await join(organizationId, 'admin');
  }
}

const table = new Map(listAccess().map(({ route, need }) => [route, need]));
const routeOf = ({ endpoint: { method, path } }: Operation) =>
  `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
function needOf(operation: Operation): Need {
  const need = table.get(routeOf(operation));
  if (need === undefined) throw new Error(`${routeOf(operation)} is not in the table of addresses.`);
  return need;
}
const isInProject = ({ endpoint }: Operation) => endpoint.path.includes('{project}');
const isInOrganization = ({ endpoint }: Operation) => endpoint.path.includes('{organization}');

/** What comes of a question: `in` when it got past the door, whatever the answer was then. */
type Outcome = 'in' | 'sign in' | 'forbidden' | 'not there' | `broken: ${string}`;

async function ask(operation: Operation, who: string, place: Place): Promise<Outcome> {
  const { method, path } = operation.endpoint;
  const key = keys.get(who);
  const reply = await server.app.inject({
    method,
    url: path
      .replace('{project}', place.project)
      .replace('{organization}', place.organization)
      .replace('{trace_id}', '0'.repeat(32))
      .replace('{id}', `none_${'0'.repeat(26)}`),
    headers: {
      host: '127.0.0.1:4000',
      origin: 'http://127.0.0.1:4000',
      ...(key === undefined ? { cookie: encodeURIComponent(who) } : { authorization: `Bearer ${key}` }),
    },
    ...(method === 'POST' || method === 'PATCH' ? { payload: {} } : {}),
  });
  if (reply.statusCode >= 500) return `broken: ${reply.statusCode} ${reply.body}`;
  if (reply.statusCode === 401) return 'sign in';
  if (reply.statusCode === 403) return 'forbidden';
  const isNowhere = /"There is no such (project|organization)\."/.test(reply.body);
  return reply.statusCode === 404 && isNowhere ? 'not there' : 'in';
}

/** What the table says. Whatever it does not allow is refused. */
function expected(operation: Operation, who: string, place: Place): Outcome {
  const need = needOf(operation);
  if (need === 'anyone') return 'in';
  const person = people[who];
  if (person === undefined) return 'sign in';
  if (need === 'signed-in') return 'in';
  // What belongs to a key's own project has no place for people.
  if (!isInProject(operation) && !isInOrganization(operation)) return 'forbidden';
  const { organization, project } = person;
  const belongs = organization !== 'none' || project !== 'none';
  if (place === guarded) return belongs ? 'forbidden' : 'not there';
  const isForeigner = who === 'owner of another organization';
  const isKept = ofOperator.has(routeOf(operation));
  if (place === abroad) return !isForeigner ? 'not there' : isKept ? 'forbidden' : 'in';
  if (!belongs) return 'not there';
  const roles = isInProject(operation) ? [organization, project] : [organization];
  const permission = need.replace(/^people /, '') as Permission;
  return roles.some((role) => mayDo[role]?.includes(permission)) ? 'in' : 'forbidden';
}

/** Every operation, by everybody: those that came out otherwise than the table says. */
async function differences(place: Place, everybody: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const operation of server.operations) {
    // Whether somebody may make an organization is no matter of a role in another one.
    if (routeOf(operation) === 'POST /api/v1/organizations') continue;
    await Promise.all(
      everybody.map(async (who) => {
        const [is, should] = [await ask(operation, who, place), expected(operation, who, place)];
        if (is !== should) found.push(`${routeOf(operation)} as ${who}: ${is}, not ${should}`);
      }),
    );
  }
  return found;
}

const everybody = [...Object.keys(people), 'nobody'];

describe('CVE-2025-15381: every route of the management API, by every role', () => {
  test('stands in the table of addresses with the permission that it asks for', () => {
    const differing = server.operations.filter((operation) => {
      const asked = operation.permission;
      return ![asked, `people ${asked}`].includes(needOf(operation));
    });
    expect(differing.map(routeOf)).toEqual([]);
    expect(server.operations.length).toBeGreaterThan(60);
  });

  test('opens at home to whom the table names, and to somebody who is removed no longer', async () => {
    const [operation] = server.operations.filter((each) => routeOf(each) === 'GET /api/v1/projects/:project');
    if (operation === undefined) throw new Error('There is no such operation.');
    const gone = 'somebody who was removed';
    expect(await ask(operation, gone, home)).toBe('in');
    const { organizationId } = server.project;
    await server.people.members.remove(organizationId, sessions.get(gone)?.id ?? '', { kind: 'operator' });
    expect(await differences(home, everybody)).toEqual([]);
  });

  test('is not there in the organization of others, and open to its owner', async () => {
    expect(await differences(abroad, everybody)).toEqual([]);
  });

  test('is closed, to owners too, where another provider is demanded than the one they came by', async () => {
    const some = ['organization owner', 'project owner', 'somebody who belongs to nothing'];
    expect(await differences(guarded, some)).toEqual([]);
  });

  test('names an id of another organization in vain, where its slug is not one of their own', async () => {
    const foreign = await server.test.store.tenants.findOrganization({ name: abroad.organization });
    const place = { organization: foreign?.id ?? '', project: 'secret-plans' };
    for (const operation of server.operations) {
      if (!isInOrganization(operation)) continue;
      expect(await ask(operation, 'organization owner', place), routeOf(operation)).toBe('not there');
    }
  });
});

// What keys are refused is in the table of every address of the server (test/journeys/access-table.test.ts).
test('a key with its permission is let into its own project and no other', async () => {
  for (const operation of server.operations) {
    const route = routeOf(operation);
    const { permission } = operation;
    if (['anyone', 'signed-in'].includes(permission) || isInOrganization(operation)) continue;
    const key = (needsMore.get(route) ?? [permission]).join();
    expect(await ask(operation, key, home), route).toBe('in');
    if (needsMore.has(route)) expect(await ask(operation, permission, home), route).toBe('forbidden');
    if (!isInProject(operation)) continue;
    expect(await ask(operation, key, abroad), route).toBe('not there');
    expect(await ask(operation, `foreign ${key}`, home), route).toBe('not there');
  }
});

test('who owns no organization makes none', async () => {
  const [operation] = server.operations.filter((each) => routeOf(each) === 'POST /api/v1/organizations');
  if (operation === undefined) throw new Error('There is no such operation.');
  const made = (who: string) =>
    server.app.inject({
      method: 'POST',
      url: '/api/v1/organizations',
      headers: { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', cookie: encodeURIComponent(who) },
      payload: { name: 'made by the matrix' },
    });
  expect((await made('organization admin')).statusCode).toBe(201);
  expect((await made('project owner')).statusCode).toBe(201);
  expect((await made('somebody who belongs to nothing')).statusCode).toBe(403);
  expect((await made('somebody who was removed')).statusCode).toBe(403);
});

test('a route that names no permission stops the start', async () => {
  const { registerOperations } = await import('./register-operations.ts');
  const [operation] = server.operations;
  if (operation === undefined) throw new Error('There are no operations.');
  const { permission: _, ...unnamed } = operation;
  const register = registerOperations({
    // @ts-expect-error: the type refuses it too.
    operations: [unnamed],
    access: server.access,
    audit: silentAudit,
  });
  expect(() => register(server.app)).toThrow('names no permission');
});
