import { randomBytes } from 'node:crypto';
import type { KeyList } from '@app/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { hasValidChecksum, newKeySecret } from '../../src/keys/key-secret.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';

let server: TestManagement;
let browser: Browser;
const path = '/api/v1/projects/default/keys';

beforeAll(async () => {
  server = await openTestManagement();
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const userId = await createAccounts(server.auth).create(person);
  const { tenants } = server.test.store;
  await tenants.insertMembership(server.project.organizationId, {
    userId,
    role: 'owner',
    createdAtMs: Date.now(),
  });
  browser = openBrowser(server.app);
  await browser.post('/api/auth/sign-in/email', { email: person.email, password: person.password });
});
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const withKey = (secret: string, url: string, more: { method?: 'POST' | 'DELETE'; payload?: object } = {}) =>
  server.app.inject({ url, headers: { authorization: `Bearer ${secret}` }, ...more });

describe('making a key', () => {
  test('shows the secret once: no list, no table and no log of the database has it', async () => {
    const reply = await browser.post(path, { name: 'ci' });
    expect(reply.statusCode).toBe(201);
    const { key, secret } = reply.json();
    expect(hasValidChecksum(secret)).toBe(true);
    expect(key).toMatchObject({
      name: 'ci',
      kind: 'gateway',
      mode: 'live',
      environment: 'production',
      permissions: ['inference:call', 'models:read', 'responses:read'],
      prefix: 'tr_live_',
      last_four: secret.slice(-4),
      requests_per_minute_max: 600,
      concurrency_max: 64,
      revoked_at: null,
    });
    expect((await browser.get(path)).body).not.toContain(secret);
    const pool = server.test.store.openAuthPool();
    const { rows } = await pool.query('select row_to_json(k)::text as text from public.api_keys k');
    const kept = rows.map((row) => row.text).join();
    expect(kept).toContain(key.id);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(secret.slice(8, 40));
  });

  test.each([
    [
      { kind: 'ingest', mode: 'test' },
      { prefix: 'tt_test_', environment: 'development', permissions: ['traces:write'] },
    ],
    [
      { mode: 'test', environment: 'ci' },
      { prefix: 'tr_test_', environment: 'ci' },
    ],
    [{ permissions: ['traces:read', 'traces:read'] }, { permissions: ['traces:read'] }],
    [
      { requests_per_minute_max: 5, concurrency_max: 1 },
      { requests_per_minute_max: 5, concurrency_max: 1 },
    ],
    [{ expires_at: '2034-01-01T00:00:00Z' }, { expires_at: '2034-01-01T00:00:00.000Z' }],
  ])('with %j', async (wanted, made) => {
    const reply = await browser.post(path, { name: 'k', ...wanted });
    expect(reply.statusCode).toBe(201);
    expect(reply.json().key).toMatchObject(made);
  });

  test.each([
    [{}, 'missing_parameter', 'name'],
    [{ name: '' }, 'invalid_parameter', 'name'],
    [{ name: 7 }, 'invalid_parameter', 'name'],
    [{ name: 'x'.repeat(129) }, 'invalid_parameter', 'name'],
    [{ name: 'k\u0000' }, 'invalid_parameter', null],
    [{ name: 'k', mode: 'prod' }, 'invalid_parameter', 'mode'],
    [{ name: 'k', permissions: ['everything'] }, 'invalid_parameter', 'permissions.0'],
    [{ name: 'k', permissions: [] }, 'invalid_parameter', 'permissions'],
    [{ name: 'k', kind: 'ingest', permissions: ['traces:read'] }, 'invalid_parameter', 'permissions'],
    [{ name: 'k', expires_at: '2020-01-01T00:00:00Z' }, 'invalid_parameter', 'expires_at'],
    [{ name: 'k', expires_at: 'soon' }, 'invalid_parameter', 'expires_at'],
    [{ name: 'k', digest: 'chosen' }, 'invalid_parameter', 'digest'],
    [{ name: 'k', organizationId: 'org_other' }, 'invalid_parameter', 'organizationId'],
  ])('from %j is refused and the field is named', async (payload, code, param) => {
    const reply = await browser.post(path, payload);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toMatchObject({ code, param });
    expect(reply.json().detail).toBe(reply.json().error.message);
  });
});

describe('a key that may make keys', () => {
  test('cannot give what it does not have, and a test key cannot make a live one', async () => {
    const permissions = ['keys:write' as const, 'keys:read' as const];
    const live = (await server.keys.create(server.project, { name: 'maker', permissions })).secret;
    const excess = await withKey(live, path, {
      method: 'POST',
      payload: { name: 'k', permissions: ['settings:write'] },
    });
    expect(excess.statusCode).toBe(403);
    expect(excess.json().error.message).toContain('settings:write');
    const own = await withKey(live, path, { method: 'POST', payload: { name: 'k', permissions } });
    expect(own.statusCode).toBe(201);
    expect(own.json().key.created_by).toMatch(/^key_/);

    const testing = (await server.keys.create(server.project, { name: 'm', permissions, mode: 'test' }))
      .secret;
    const lifted = await withKey(testing, path, { method: 'POST', payload: { name: 'k', mode: 'live' } });
    expect(lifted.statusCode).toBe(403);
    const payload = { name: 'k', mode: 'test', permissions };
    expect((await withKey(testing, path, { method: 'POST', payload })).statusCode).toBe(201);
  });
});

describe('using a key', () => {
  test('works from the first moment and stops at the moment it is revoked or expires', async () => {
    const { secret, key } = (await browser.post(path, { name: 'reader', permissions: ['keys:read'] })).json();
    expect((await withKey(secret, path)).statusCode).toBe(200);
    expect(server.noted.at(-1)).toEqual({ keyId: key.id, ip: '127.0.0.1' });
    const revoked = await browser.delete(`${path}/${key.id}`);
    expect(revoked.json()).toMatchObject({ id: key.id, revoked_at: expect.any(String) });
    expect((await withKey(secret, path)).statusCode).toBe(401);
    const again = await browser.delete(`${path}/${key.id}`);
    expect(again.json().revoked_at).toBe(revoked.json().revoked_at);

    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const short = (
      await browser.post(path, { name: 'short', permissions: ['keys:read'], expires_at })
    ).json();
    expect((await withKey(short.secret, path)).statusCode).toBe(200);
    server.advance(3_600_001);
    expect((await withKey(short.secret, path)).statusCode).toBe(401);
  });

  test('unknown, malformed, revoked and expired keys get the same answer', async () => {
    const { secret, key } = await server.keys.create(server.project, { name: 'gone' });
    await server.keys.revoke(server.project.id, key.id);
    const answers = await Promise.all(
      [secret, newKeySecret('gateway', 'live', randomBytes), 'sk-something', 'tr_live_', '\u00e9'].map(
        (each) => withKey(each, path),
      ),
    );
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect({ ...answer.json().error, request_id: '' }).toEqual({
        ...answers[0]?.json().error,
        request_id: '',
      });
    }
  });

  test('is possible in x-api-key too, and never in the address', async () => {
    const { secret } = await server.keys.create(server.project, { name: 'r', permissions: ['keys:read'] });
    const inHeader = await server.app.inject({ url: path, headers: { 'x-api-key': secret } });
    expect(inHeader.statusCode).toBe(200);
    const inAddress = await server.app.inject({ url: `${path}?api_key=${secret}` });
    expect(inAddress.statusCode).toBe(401);
  });
});

describe('the list of keys', () => {
  test('is read page by page, newest first, each key once', async () => {
    for (let n = 0; n < 5; n += 1) await server.keys.create(server.project, { name: `page ${n}` });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: KeyList = (
        await browser.get(`${path}?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).json();
      expect(page.data.length).toBeLessThanOrEqual(4);
      seen.push(...page.data.map((key) => key.id));
      cursor = page.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(seen.length).toBeGreaterThan(8);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['offset=3', 'offset'],
  ])('asked with ?%s is refused and the parameter is named', async (query, param) => {
    const reply = await browser.get(`${path}?${query}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toMatchObject({ code: 'invalid_parameter', param });
  });
});
