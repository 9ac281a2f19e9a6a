import { type Key, Permission } from '@app/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { hasValidChecksum } from '../../src/keys/key-secret.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

let server: TestManagement;
let browser: Browser;
const path = '/api/v1/projects/default/keys';

beforeAll(async () => {
  server = await openTestManagement();
  browser = await signInAs('admin');
}, 60_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

async function signInAs(role: string): Promise<Browser> {
  const person = { name: 'Ada', email: `${role}@example.com`, password: 'correct horse battery' };
  const userId = await createAccounts(server.auth).create(person);
  const { organizationId } = server.project;
  await server.test.store.tenants.insertMembership(organizationId, { userId, role, createdAtMs: 0 });
  const signedIn = openBrowser(server.app);
  await signedIn.post('/api/auth/sign-in/email', { email: person.email, password: person.password });
  return signedIn;
}

const make = async (input: object = {}): Promise<{ key: Key; secret: string }> =>
  (await browser.post(path, { name: 'k', permissions: ['keys:read'], ...input })).json();

const statusWith = async (secret: string) =>
  (await server.app.inject({ url: path, headers: { authorization: `Bearer ${secret}` } })).statusCode;

describe('a key with an owner, labels and lists', () => {
  test('is made, shown and listed with them, in the form in which they are kept', async () => {
    const { key } = await make({
      owner: 'platform@example.com',
      tags: ['team-a', 'team-a', 'batch'],
      models: ['gpt-5', 'acme/*', 'gpt-5'],
      providers: ['openai'],
      ip_ranges: ['::ffff:10.0.0.0/104', '10.0.0.0/8', '2001:DB8:0::/32'],
    });
    expect(key).toMatchObject({
      owner: 'platform@example.com',
      tags: ['team-a', 'batch'],
      models: ['gpt-5', 'acme/*'],
      providers: ['openai'],
      ip_ranges: ['10.0.0.0/8', '2001:db8::/32'],
    });
    expect((await browser.get(`${path}/${key.id}`)).json()).toEqual(key);
    expect((await browser.get(`${path}?owner=platform@example.com`)).json().data).toEqual([key]);
  });

  test.each([
    [{ ip_ranges: ['10.0.0.1/8'] }, 'ip_ranges.0', 'write 10.0.0.0/8'],
    [{ ip_ranges: ['10.0.0.0/8', 'office'] }, 'ip_ranges.1', 'neither an address nor a range'],
    [{ ip_ranges: ['fe80::1%eth0'] }, 'ip_ranges.0', 'neither an address nor a range'],
    [{ ip_ranges: [] }, 'ip_ranges', ''],
    [{ models: ['gpt-*-mini'] }, 'models.0', '* at its end'],
    [{ models: ['two words'] }, 'models.0', '* at its end'],
    [{ models: [] }, 'models', ''],
    [{ tags: ['a,b'] }, 'tags.0', 'no commas'],
    [{ tags: ['a\nb'] }, 'tags.0', 'no control characters'],
    [{ kind: 'ingest', permissions: undefined, models: ['gpt-5'] }, 'models', 'An ingest key calls no model'],
    [
      { kind: 'ingest', permissions: undefined, providers: ['acme'] },
      'providers',
      'An ingest key calls no model',
    ],
  ])('is refused for %j, and the field is named', async (input, param, words) => {
    const reply = await browser.post(path, { name: 'k', ...input });
    expect([reply.statusCode, reply.json().error.param]).toEqual([400, param]);
    expect(reply.json().error.message).toContain(words);
  });
});

describe('changing a key', () => {
  test('is in force when the answer comes, and changes nothing that was not said', async () => {
    const { key, secret } = await make({ owner: 'ada', tags: ['x'], models: ['m'] });
    expect(await statusWith(secret)).toBe(200);
    const reply = await browser.patch(`${path}/${key.id}`, { permissions: ['models:read'], name: 'renamed' });
    expect(reply.json()).toEqual({
      ...key,
      permissions: ['models:read'],
      name: 'renamed',
      last_used_at: null,
    });
    expect(await statusWith(secret)).toBe(403);
    await browser.patch(`${path}/${key.id}`, { permissions: ['keys:read'], ip_ranges: ['192.0.2.1'] });
    expect(await statusWith(secret)).toBe(403);
    const freed = await browser.patch(`${path}/${key.id}`, {
      ip_ranges: null,
      models: null,
      owner: null,
      tags: [],
    });
    expect(freed.json()).toMatchObject({ ip_ranges: null, models: null, owner: null, tags: [] });
    expect(await statusWith(secret)).toBe(200);
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect((await browser.patch(`${path}/${key.id}`, { expires_at: soon })).json().expires_at).toBe(soon);
    expect((await browser.patch(`${path}/${key.id}`, { expires_at: null })).json().expires_at).toBeNull();
  });

  test.each([
    [{ mode: 'live' }, 'mode'],
    [{ kind: 'ingest' }, 'kind'],
    [{ name: '' }, 'name'],
    [{ requests_per_minute_max: 0 }, 'requests_per_minute_max'],
    [{ requests_per_minute_max: -5 }, 'requests_per_minute_max'],
    [{ requests_per_minute_max: 1.5 }, 'requests_per_minute_max'],
    [{ concurrency_max: 1e9 }, 'concurrency_max'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ replaced_by: 'key_x' }, 'replaced_by'],
  ])('to %j is refused', async (change, param) => {
    const { key } = await make();
    const reply = await browser.patch(`${path}/${key.id}`, change);
    expect([reply.statusCode, reply.json().error.param]).toEqual([400, param]);
    expect((await browser.get(`${path}/${key.id}`)).json()).toEqual(key);
  });

  test('of an ingest key gives it no other permission', async () => {
    const { key } = await make({ kind: 'ingest', permissions: ['traces:write'] });
    const reply = await browser.patch(`${path}/${key.id}`, { permissions: ['traces:read'] });
    expect(reply.statusCode).toBe(400);
  });

  test('that is revoked is a conflict', async () => {
    const { key } = await make();
    await browser.delete(`${path}/${key.id}`);
    const reply = await browser.patch(`${path}/${key.id}`, { name: 'again' });
    expect([reply.statusCode, reply.json().error.code]).toEqual([409, 'conflict']);
  });

  test('by people gives only what their role has', async () => {
    const { key } = await make();
    const everything = { permissions: [...Permission.options] };
    const reader = await signInAs('member');
    const beyond = await reader.patch(`${path}/${key.id}`, everything);
    expect([beyond.statusCode, beyond.json().error.message]).toEqual([
      403,
      expect.stringContaining('keys:write'),
    ]);
    expect((await reader.post(path, { name: 'mine', permissions: ['keys:read'] })).statusCode).toBe(403);
    expect((await browser.patch(`${path}/${key.id}`, everything)).statusCode).toBe(200);
  });
});

describe('rotating a key', () => {
  test('gives a new key with the same settings at once; both work until the overlap ends, and each names the other', async () => {
    const { key, secret } = await make({ owner: 'ada', tags: ['x'], ip_ranges: ['127.0.0.0/8'] });
    const reply = await browser.post(`${path}/${key.id}/rotate`, { overlap_seconds: 600 });
    expect(reply.statusCode).toBe(201);
    const { key: next, secret: nextSecret, replaced } = reply.json();
    expect(hasValidChecksum(nextSecret)).toBe(true);
    expect(next).toEqual({
      ...key,
      id: next.id,
      last_four: nextSecret.slice(-4),
      replaces: key.id,
      created_at: next.created_at,
    });
    expect(replaced).toMatchObject({ id: key.id, replaced_by: next.id, revoked_at: null });
    const endsInMs = Date.parse(replaced.expires_at) - Date.parse(next.created_at);
    expect(endsInMs).toBe(600_000);
    expect((await browser.get(`${path}/${key.id}`)).json()).toMatchObject({ replaced_by: next.id });
    expect([await statusWith(secret), await statusWith(nextSecret)]).toEqual([200, 200]);
    server.advance(600_001);
    expect([await statusWith(secret), await statusWith(nextSecret)]).toEqual([401, 200]);
    expect((await browser.get(path)).body).not.toContain(nextSecret);
  });

  test('has an overlap of a day when none is named, and never one beyond the end of the old key', async () => {
    const plain = await make();
    const { replaced, key } = (await browser.post(`${path}/${plain.key.id}/rotate`)).json();
    expect(Date.parse(replaced.expires_at) - Date.parse(key.created_at)).toBe(86_400_000);
    const expires_at = new Date(Date.now() + 3_600_000 + 600_001).toISOString();
    const short = await make({ expires_at });
    const rotated = (await browser.post(`${path}/${short.key.id}/rotate`, { expires_at: null })).json();
    expect([rotated.replaced.expires_at, rotated.key.expires_at]).toEqual([expires_at, null]);
  });

  test('without an overlap ends the old key at once', async () => {
    const { key, secret } = await make();
    const reply = await browser.post(`${path}/${key.id}/rotate`, { overlap_seconds: 0 });
    expect(reply.json().replaced).toMatchObject({ revoked_at: expect.any(String) });
    expect([await statusWith(secret), await statusWith(reply.json().secret)]).toEqual([401, 200]);
  });

  test.each(['revoked', 'replaced', 'expired'])(
    'is refused for a key that is %s, with the reason',
    async (state) => {
      const expires_at = new Date(Date.now() + 7_200_000).toISOString();
      const { key } = await make(state === 'expired' ? { expires_at } : {});
      if (state === 'revoked') await browser.delete(`${path}/${key.id}`);
      if (state === 'replaced') await browser.post(`${path}/${key.id}/rotate`);
      if (state === 'expired') server.advance(7_200_001);
      const reply = await browser.post(`${path}/${key.id}/rotate`);
      expect([reply.statusCode, reply.json().error.code]).toEqual([409, 'conflict']);
      expect(reply.json().error.message).toContain(`The key ${state === 'replaced' ? 'was' : 'is'} ${state}`);
    },
  );

  test('by many at once succeeds once', async () => {
    const { key } = await make();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => browser.post(`${path}/${key.id}/rotate`)),
    );
    const statuses = replies.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, ...Array<number>(7).fill(409)]);
    const { data } = (await browser.get(`${path}?limit=200`)).json();
    expect(data.filter(({ replaces }: Key) => replaces === key.id)).toHaveLength(1);
  });

  test.each([
    [{ overlap_seconds: -1 }],
    [{ overlap_seconds: 7_776_001 }],
    [{ overlap_seconds: 0.5 }],
    [{ overlap: 5 }],
  ])('with %j is refused', async (rotation) => {
    const { key } = await make();
    expect((await browser.post(`${path}/${key.id}/rotate`, rotation)).statusCode).toBe(400);
  });
});

test('the list is searched by what a key is, has and does', async () => {
  const { key } = await make({ name: 'Needle in a list', tags: ['haystack'], mode: 'test' });
  const find = async (query: string) =>
    (await browser.get(`${path}?${query}`)).json().data.map(({ id }: Key) => id);
  expect(await find('name=needle&mode=test&status=active&tag=haystack&kind=gateway')).toEqual([key.id]);
  expect(await find('name=needle&mode=live')).toEqual([]);
  expect(await find('tag=hay')).toEqual([]);
  await browser.delete(`${path}/${key.id}`);
  expect(await find('name=needle&status=active')).toEqual([]);
  expect(await find('name=needle&status=revoked')).toEqual([key.id]);
  for (const [query, param] of [
    ['status=old', 'status'],
    ['mode=prod', 'mode'],
    ['unused_since=yesterday', 'unused_since'],
    ['colour=red', 'colour'],
  ]) {
    const reply = await browser.get(`${path}?${query}`);
    expect([reply.statusCode, reply.json().error.param]).toEqual([400, param]);
  }
});

test('the usage of a key tells its last use too, and that of many is asked for at once', async () => {
  const { key } = await make();
  const one = await browser.get(`${path}/${key.id}/usage?range=7d`);
  expect(one.json()).toMatchObject({ usage: { key_id: key.id, requests: 0 }, last_used_at: null });
  const usage = '/api/v1/projects/default/key-usage';
  const many = await browser.get(`${usage}?ids=${key.id},key_other`);
  expect(many.json().data.map((each: { key_id: string }) => each.key_id)).toEqual([key.id, 'key_other']);
  for (const query of ['', '?ids=', '?ids=a%20b', `?ids=${'k,'.repeat(200)}k`, '?ids=k&range=1y']) {
    expect([query, (await browser.get(`${usage}${query}`)).statusCode]).toEqual([query, 400]);
  }
  expect((await browser.get(`${path}/key_none/usage`)).statusCode).toBe(404);
});
