import { randomBytes } from 'node:crypto';
import { gatewayDefaults, type Permission, Permission as PermissionList } from '@app/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, openBrowser } from '../../../test/browser.ts';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';
import { silentAudit } from '../../../test/silent-audit.ts';
import { createAccounts } from '../../identity/create-accounts.ts';
import { newId } from '../../ids.ts';
import type { Operation } from './operation.ts';

let server: TestManagement;
const browsers = new Map<string, Browser>();
const keys = new Map<string, string>();
let foreignKeyId = '';

beforeAll(async () => {
  server = await openTestManagement();
  await openPeople();
  const foreign = await openForeignProject();
  foreignKeyId = (await server.keys.create(foreign, { name: 'foreign key' })).key.id;
  for (const permission of PermissionList.options) {
    keys.set(permission, await secretOf({ permissions: [...gatewayDefaults, permission] }));
    const abroad = { name: 'k', permissions: [...gatewayDefaults, permission] };
    keys.set(`foreign ${permission}`, (await server.keys.create(foreign, abroad)).secret);
  }
}, 60_000);
afterAll(() => server.close());

const secretOf = async (more: { permissions: Permission[] }) =>
  (await server.keys.create(server.project, { name: 'k', ...more })).secret;

/** An owner of the default organization, a member of it, and somebody who belongs to nothing. */
async function openPeople(): Promise<void> {
  const password = 'correct horse battery';
  const { tenants } = server.test.store;
  for (const who of ['owner', 'admin', 'member', 'stranger']) {
    const email = `${who}@example.com`;
    const userId = await createAccounts(server.auth).create({ name: who, email, password });
    if (who !== 'stranger') {
      const { organizationId } = server.project;
      await tenants.insertMembership(organizationId, { userId, role: who, createdAtMs: Date.now() });
    }
    const browser = openBrowser(server.app);
    await browser.post('/api/auth/sign-in/email', { email, password });
    browsers.set(who, browser);
  }
}

async function openForeignProject() {
  const { tenants } = server.test.store;
  const ids = { nowMs: Date.now, randomBytes };
  const organizationId = newId('org_', ids);
  await tenants.insertOrganization({
    id: organizationId,
    slug: 'other',
    name: 'Other',
    createdAtMs: Date.now(),
  });
  const id = newId('proj_', ids);
  const row = { id, slug: 'secret-plans', name: 'Secret plans', capture: 'full' as const };
  await tenants.insertProject(organizationId, { ...row, createdAtMs: Date.now() });
  return { id, organizationId };
}

const isPublic = ({ permission }: Operation) => permission === 'anyone';
const isInOrganization = ({ endpoint }: Operation) => endpoint.path.includes('{organization}');
const isForUsers = (operation: Operation) =>
  operation.permission === 'signed-in' || isInOrganization(operation);
const hasProject = ({ endpoint }: Operation) => endpoint.path.includes('{project}');

function pathOf({ endpoint }: Operation, project: string): string {
  return endpoint.path
    .replace('{project}', project)
    .replace('{organization}', project === 'secret-plans' ? 'other' : 'default')
    .replace('{trace_id}', '0'.repeat(32))
    .replace('{id}', foreignKeyId)
    .concat(queries.get(endpoint.path) ?? '');
}

/** What an operation needs to be asked at all; without it the answer would be about the question. */
const queries = new Map([['/api/v1/projects/{project}/key-usage', '?ids=key_1']]);
const bodies = new Map<string, object>([
  ['POST /api/v1/organizations', { name: 'made by the matrix' }],
  ['POST /api/v1/organizations/{organization}/projects', { name: 'made by the matrix' }],
  ['POST /api/v1/projects/{project}/keys', { name: 'made by the matrix' }],
  ...['/api/v1/projects/{project}', '/api/v1/organizations/{organization}'].flatMap(
    (path): [string, object][] => [
      [
        `POST ${path}/limits`,
        { name: 'matrix', scope: { kind: 'user' }, measure: 'requests', period: 'day', max: 1 },
      ],
      [`POST ${path}/budgets`, { name: 'matrix', scope: { kind: 'user' }, amount_usd: '1' }],
      [`POST ${path}/budgets/{id}/grants`, { amount_usd: '1' }],
    ],
  ),
  ['POST /api/v1/projects/{project}/repricings', { from: '2026-01-01T00:00:00Z' }],
]);

/** A name is given once. */
let credentials = 0;
function newCredential(): object {
  credentials += 1;
  return { provider: 'openai', name: `matrix ${credentials}`, secret: 'sk-of-the-matrix' };
}

let destinations = 0;
function newDestination(): object {
  destinations += 1;
  return { kind: 'webhook', name: `matrix ${destinations}`, url: 'https://hooks.example.com/x' };
}

function payloadOf({ endpoint: { method, path } }: Operation): object | undefined {
  if (method !== 'POST' && method !== 'PATCH') return undefined;
  if (method === 'POST' && path.endsWith('/provider-credentials')) return newCredential();
  if (method === 'POST' && path.endsWith('/destinations')) return newDestination();
  return bodies.get(`${method} ${path}`) ?? {};
}

async function ask(operation: Operation, who: string, project = 'default'): Promise<string> {
  const { method } = operation.endpoint;
  const path = pathOf(operation, project);
  const payload = payloadOf(operation);
  const browser = browsers.get(who);
  const key = keys.get(who);
  const headers = {
    host: '127.0.0.1:4000',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const reply = await (browser === undefined
    ? server.app.inject({ method, url: path, headers, ...(payload === undefined ? {} : { payload }) })
    : method === 'GET'
      ? browser.get(path)
      : method === 'POST'
        ? browser.post(path, payload)
        : method === 'PATCH'
          ? browser.patch(path, payload)
          : browser.delete(path));
  return reply.statusCode < 300 ? 'ok' : `${reply.statusCode} ${reply.json().error.code}`;
}

/** The rows that name something which is not there answer 404 to whoever may ask. */
const allowed = ({ endpoint }: Operation) =>
  /\{(trace_id|id)\}/.test(endpoint.path) ? '404 not_found' : 'ok';

// What keys are refused is in the table of every address of the server (test/journeys/access-table.test.ts).
describe('every route of the management API', () => {
  const each = (title: string, check: (operation: Operation) => Promise<void>) =>
    test(title, async () => {
      expect(server.operations.length).toBeGreaterThan(10);
      for (const operation of server.operations) {
        if (!isPublic(operation)) await check(operation);
      }
      expect(server.internalErrors).toEqual([]);
    });

  each('lets a key with its permission into its own project and no other', async (operation) => {
    if (isForUsers(operation)) return;
    expect(await ask(operation, operation.permission)).toBe(allowed(operation));
    if (!hasProject(operation)) return;
    expect(await ask(operation, operation.permission, 'secret-plans')).toBe('404 not_found');
    expect(await ask(operation, `foreign ${operation.permission}`)).toBe('404 not_found');
    expect(await ask(operation, operation.permission, server.project.id)).toBe(allowed(operation));
  });

  each('lets an owner in, and out of the projects of others', async (operation) => {
    if (isForUsers(operation)) {
      expect(await ask(operation, 'owner')).toBe(allowed(operation));
      if (isInOrganization(operation)) {
        expect(await ask(operation, 'owner', 'secret-plans')).toBe('404 not_found');
      }
    } else if (!hasProject(operation))
      expect(await ask(operation, 'owner')).toBe('403 insufficient_permissions');
    else {
      expect(await ask(operation, 'owner')).toBe(allowed(operation));
      expect(await ask(operation, 'owner', 'secret-plans')).toBe('404 not_found');
    }
  });

  each('lets a member read and change nothing', async (operation) => {
    if (!hasProject(operation) && !isInOrganization(operation)) return;
    // Who may not change providers' keys may not see them either.
    const isRead = operation.endpoint.method === 'GET' && operation.permission !== 'credentials:write';
    expect(await ask(operation, 'member')).toBe(isRead ? allowed(operation) : '403 insufficient_permissions');
    expect(await ask(operation, 'admin')).toBe(allowed(operation));
  });

  each('tells who belongs to nothing that there is no such project', async (operation) => {
    const makesOne =
      operation.endpoint.path === '/api/v1/organizations' && operation.endpoint.method === 'POST';
    if (makesOne) expect(await ask(operation, 'stranger')).toBe('403 insufficient_permissions');
    else if (isForUsers(operation) && !isInOrganization(operation)) {
      expect(await ask(operation, 'stranger')).toBe('ok');
    } else if (hasProject(operation) || isInOrganization(operation))
      expect(await ask(operation, 'stranger')).toBe('404 not_found');
  });
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
