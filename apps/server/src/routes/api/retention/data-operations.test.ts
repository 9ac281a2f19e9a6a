import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../../test/open-test-management.ts';

let server: TestManagement;
beforeAll(async () => {
  server = await openTestManagement();
}, 60_000);
afterAll(async () => {
  await server?.close();
});

async function keyWith(permissions: string[], mode: 'live' | 'test' = 'live') {
  const { secret } = await server.keys.create(server.project, {
    name: `data ${randomBytes(4).toString('hex')}`,
    permissions: permissions as never,
    mode,
  });
  return secret;
}

type Method = 'GET' | 'POST' | 'PATCH';

async function ask(secret: string, method: Method, ...[path, payload]: [path: string, payload?: object]) {
  const project = path.startsWith('/') ? '/api/v1/projects/default' : '/api/v1/projects/';
  const reply = await server.app.inject({
    method,
    url: `${project}${path}`,
    headers: { host: '127.0.0.1:4000', authorization: `Bearer ${secret}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, text: reply.body };
}
const all = ['settings:write', 'analytics:read', 'traces:read', 'keys:read', 'audit:read'];

test('a project decides for itself, and what it does not decide follows the defaults', async () => {
  const key = await keyWith(all);
  expect(JSON.parse((await ask(key, 'GET', '/retention')).text)).toMatchObject({
    traces_days: null,
    responses_days: 30,
  });
  const changed = await ask(key, 'PATCH', '/retention', { traces_days: 90, contents_days: 7 });
  expect(JSON.parse(changed.text)).toMatchObject({ traces_days: 90, contents_days: 7, responses_days: 30 });
  await ask(key, 'PATCH', '/retention', { traces_days: null });
  expect(JSON.parse((await ask(key, 'GET', '/retention')).text)).toMatchObject({
    traces_days: null,
    contents_days: 7,
  });
  expect((await ask(key, 'PATCH', '/retention', { traces_days: 0 })).status).toBe(400);
});

test('a deletion names what it is about, and a test key reaches what test keys recorded alone', async () => {
  const key = await keyWith(all);
  expect((await ask(key, 'POST', '/deletions', { filter: {} })).status).toBe(400);
  const backwards = { from: '2026-05-02T00:00:00Z', to: '2026-05-01T00:00:00Z' };
  expect((await ask(key, 'POST', '/deletions', { filter: backwards })).status).toBe(400);
  const made = JSON.parse((await ask(key, 'POST', '/deletions', { filter: { user: 'ann' } })).text);
  expect(made).toMatchObject({ state: 'counting', filter: { user: 'ann' }, receipt: null });
  expect(JSON.parse((await ask(key, 'GET', `/deletions/${made.id}`)).text).id).toBe(made.id);
  const testKey = await keyWith(all, 'test');
  const ofTest = JSON.parse((await ask(testKey, 'POST', '/deletions', { filter: { user: 'bob' } })).text);
  const { deletions } = server.test.store;
  expect(await deletions.findDeletion(server.project.id, { id: ofTest.id })).toMatchObject({
    isTestOnly: true,
  });
  expect(await deletions.findDeletion(server.project.id, { id: made.id })).toMatchObject({
    isTestOnly: false,
  });
  expect((await ask(testKey, 'PATCH', '/retention', { traces_days: 1 })).status).toBe(403);
  const page = JSON.parse((await ask(key, 'GET', '/deletions?limit=1')).text);
  expect(page.data.map(({ id }: { id: string }) => id)).toEqual([ofTest.id]);
  const rest = JSON.parse((await ask(key, 'GET', `/deletions?limit=1&cursor=${page.next_cursor}`)).text);
  expect(rest.data.map(({ id }: { id: string }) => id)).toEqual([made.id]);
});

test('an export says what it is at its first line and counts itself at its last; keys are in it without their secrets', async () => {
  const key = await keyWith(all);
  const lines = (await ask(key, 'GET', '/export')).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ kind: 'export', project_id: server.project.id, filter: {} });
  const kinds = lines.slice(1, -1).map(({ kind }) => kind);
  const counted: { [kind: string]: number } = {};
  for (const kind of kinds) counted[kind] = (counted[kind] ?? 0) + 1;
  expect(lines.at(-1)).toEqual({ kind: 'end', lines: counted });
  expect(counted).toMatchObject({ settings: 1 });
  expect(counted.key).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toContain(key);
  const narrowed = await ask(key, 'GET', '/export?user=ann');
  expect(narrowed.text.trimEnd().split('\n')).toHaveLength(2);
});

test('whoever may not read traces may not take them along, and what is foreign is not there', async () => {
  expect((await ask(await keyWith(['settings:write']), 'GET', '/export')).status).toBe(403);
  expect((await ask(await keyWith(['traces:read']), 'GET', '/export')).status).toBe(403);
  // The keys, the people and the audit log of a project come with everything, and with nothing less.
  const ofCalls = await keyWith(['settings:write', 'traces:read']);
  const whole = await ask(ofCalls, 'GET', '/export');
  expect([whole.status, whole.text]).toEqual([403, expect.stringContaining('keys:read and audit:read')]);
  expect((await ask(ofCalls, 'GET', '/export?user=ann')).status).toBe(200);
  const key = await keyWith(all);
  expect((await ask(key, 'GET', 'somewhere/export')).status).toBe(404);
  expect((await ask(key, 'POST', 'somewhere/deletions', { filter: { user: 'x' } })).status).toBe(404);
  expect((await ask(key, 'GET', '/deletions/del_none')).status).toBe(404);
});
