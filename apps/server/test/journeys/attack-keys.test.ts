import { randomBytes } from 'node:crypto';
import { gatewayDefaults, type Key, type NewKey } from '@app/contract';
import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/http/create-app.ts';
import { registerOperations } from '../../src/routes/api/register-operations.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { silentAudit } from '../silent-audit.ts';

let server: TestManagement;
const path = '/api/v1/projects/default/keys';
const manages = ['keys:read', 'keys:write'] as const;

beforeAll(async () => {
  server = await openTestManagement();
}, 60_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const made = (input: Partial<NewKey>) => server.keys.create(server.project, { name: 'k', ...input });

async function ask(
  secret: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  more: { at?: string; payload?: object; remoteAddress?: string; headers?: { [name: string]: string } } = {},
) {
  const options: InjectOptions = {
    method,
    url: `${path}${more.at ?? ''}`,
    headers: { authorization: `Bearer ${secret}`, ...more.headers },
  };
  if (more.payload !== undefined) options.payload = more.payload;
  if (more.remoteAddress !== undefined) options.remoteAddress = more.remoteAddress;
  const reply = await server.app.inject(options);
  return { status: reply.statusCode, json: reply.json() };
}

/** Confined in every way, and may make keys. */
const narrow: Partial<NewKey> = {
  permissions: ['inference:call', ...manages],
  requests_per_minute_max: 60,
  concurrency_max: 4,
  models: ['gpt-5', 'acme/*'],
  providers: ['openai', 'acme'],
  ip_ranges: ['127.0.0.0/8', '2001:db8::/32'],
  tags: ['team-a'],
  expires_at: '2034-01-01T00:00:00.000Z',
};

describe('a key that may make keys', () => {
  test.each<[string, Partial<NewKey>, string]>([
    ['a permission that is no default', { permissions: ['settings:write'] }, 'permissions'],
    [
      'the default permissions, which it has not all itself',
      { permissions: [...gatewayDefaults] },
      'permissions',
    ],
    ['the defaults without a word', {}, 'permissions'],
    ['the sending of traces', { kind: 'ingest' }, 'permissions'],
    [
      'more requests',
      { permissions: ['inference:call'], requests_per_minute_max: 61 },
      'requests_per_minute_max',
    ],
    ['more calls at once', { permissions: ['inference:call'], concurrency_max: 5 }, 'concurrency_max'],
    [
      'a longer life',
      { permissions: ['inference:call'], expires_at: '2034-01-01T00:00:00.001Z' },
      'expires_at',
    ],
    ['another model', { permissions: ['inference:call'], models: ['gpt-5', 'gpt-5-pro'] }, 'models'],
    ['a wider prefix', { permissions: ['inference:call'], models: ['acm*'] }, 'models'],
    ['every model', { permissions: ['inference:call'], models: ['*'] }, 'models'],
    ['another provider', { permissions: ['inference:call'], providers: ['other'] }, 'providers'],
    ['a wider range', { permissions: ['inference:call'], ip_ranges: ['126.0.0.0/7'] }, 'ip_ranges'],
    ['every address', { permissions: ['inference:call'], ip_ranges: ['0.0.0.0/0'] }, 'ip_ranges'],
    [
      'one range inside and one outside',
      { permissions: ['inference:call'], ip_ranges: ['127.0.0.1', '10.0.0.1'] },
      'ip_ranges',
    ],
  ])('cannot give %s', async (_, wanted, param) => {
    const { secret } = await made(narrow);
    const { status, json } = await ask(secret, 'POST', { payload: { name: 'more', ...wanted } });
    expect([status, json.error]).toEqual([
      403,
      expect.objectContaining({ code: 'insufficient_permissions', param }),
    ]);
    expect((await ask(secret, 'GET', { at: '?name=more' })).json.data).toEqual([]);
  });

  test('hands on what confines it to a key for which nothing is said, labels included', async () => {
    const { secret } = await made(narrow);
    const payload = { name: 'child', permissions: ['inference:call'], tags: ['own'] };
    const { status, json } = await ask(secret, 'POST', { payload });
    expect(status).toBe(201);
    const { permissions: _, tags: __, ...confines } = narrow;
    expect(json.key).toMatchObject({ ...confines, tags: ['own', 'team-a'] });
  });

  test('may give less than it has', async () => {
    const { secret } = await made(narrow);
    const less = {
      name: 'less',
      permissions: ['inference:call'],
      requests_per_minute_max: 1,
      models: ['acme/large', 'acme/s*'],
      providers: ['acme'],
      ip_ranges: ['127.0.0.1', '2001:db8:1::/48'],
      expires_at: '2033-01-01T00:00:00.000Z',
    };
    const { status, json } = await ask(secret, 'POST', { payload: less });
    expect([status, json.key]).toEqual([201, expect.objectContaining(less)]);
  });

  test('that was narrowed a moment ago gives no more than it has now', async () => {
    const { secret, key } = await made({ permissions: ['inference:call', ...manages] });
    await server.keys.change(server.project.id, { id: key.id, change: { models: ['gpt-5'] } });
    const payload = { name: 'k', permissions: ['inference:call'], models: ['gpt-5-pro'] };
    expect((await ask(secret, 'POST', { payload })).status).toBe(403);
  });
});

describe('a key that changes keys', () => {
  test.each<[string, object]>([
    ['permissions', { permissions: ['inference:call', ...manages, 'traces:read'] }],
    ['requests_per_minute_max', { requests_per_minute_max: 61 }],
    ['concurrency_max', { concurrency_max: 5 }],
    ['models', { models: null }],
    ['models', { models: ['gpt-5', 'claude-9'] }],
    ['providers', { providers: null }],
    ['ip_ranges', { ip_ranges: null }],
    ['expires_at', { expires_at: null }],
    ['expires_at', { expires_at: '2035-01-01T00:00:00.000Z' }],
  ])('cannot widen its own %s with %j', async (param, change) => {
    const { secret, key } = await made(narrow);
    const { status, json } = await ask(secret, 'PATCH', { at: `/${key.id}`, payload: change });
    expect([status, json.error]).toEqual([
      403,
      expect.objectContaining({ code: 'insufficient_permissions', param }),
    ]);
    expect(await server.keys.get(server.project.id, key.id)).toMatchObject(narrow);
  });

  test('cannot take off the label that limits count it by', async () => {
    const { secret, key } = await made(narrow);
    const { json } = await ask(secret, 'PATCH', { at: `/${key.id}`, payload: { tags: ['other'] } });
    expect(json.tags).toEqual(['other', 'team-a']);
  });

  test('may narrow itself and a stronger key, and rename it, but give it nothing more', async () => {
    const { secret } = await made(narrow);
    const stronger = (await made({ permissions: ['inference:call', 'settings:write'] })).key;
    const at = `/${stronger.id}`;
    const narrowed = await ask(secret, 'PATCH', { at, payload: { name: 'tamed', models: ['gpt-5'] } });
    expect([narrowed.status, narrowed.json.permissions]).toEqual([200, ['inference:call', 'settings:write']]);
    expect((await ask(secret, 'PATCH', { at, payload: { models: null } })).status).toBe(403);
  });

  test('that is a test key changes, rotates and revokes no live key', async () => {
    const tester = (await made({ mode: 'test', permissions: [...gatewayDefaults, ...manages] })).secret;
    const live = (await made({})).key;
    const tries = [
      await ask(tester, 'PATCH', { at: `/${live.id}`, payload: { name: 'mine' } }),
      await ask(tester, 'POST', { at: `/${live.id}/rotate` }),
      await ask(tester, 'DELETE', { at: `/${live.id}` }),
    ];
    for (const { status, json } of tries) {
      expect([status, json.error.code]).toEqual([403, 'insufficient_permissions']);
    }
    expect(await server.keys.get(server.project.id, live.id)).toMatchObject({
      name: 'k',
      replaced_by: null,
      revoked_at: null,
    });
  });
});

describe('a key that rotates keys', () => {
  test('gets no secret of a key that can do more than it can', async () => {
    const { secret } = await made(narrow);
    for (const stronger of [
      { permissions: [...gatewayDefaults] },
      { ...narrow, concurrency_max: 5 },
      { ...narrow, models: ['gpt-4'] },
    ]) {
      const { key } = await made(stronger);
      const { status, json } = await ask(secret, 'POST', { at: `/${key.id}/rotate` });
      expect([status, JSON.stringify(json)]).toEqual([403, expect.not.stringContaining('secret')]);
      expect((await server.keys.get(server.project.id, key.id)).replaced_by).toBeNull();
    }
  });

  test('may rotate itself, but never to a later end', async () => {
    const { secret, key } = await made(narrow);
    const at = `/${key.id}/rotate`;
    expect((await ask(secret, 'POST', { at, payload: { expires_at: null } })).status).toBe(403);
    const rotated = await ask(secret, 'POST', { at });
    expect([rotated.status, rotated.json.key.expires_at]).toEqual([201, narrow.expires_at]);
    expect((await ask(rotated.json.secret, 'GET')).status).toBe(200);
  });
});

describe('a key that is confined to addresses', () => {
  const confined = () => made({ permissions: [...manages], ip_ranges: ['192.0.2.0/24', '2001:db8::/32'] });

  test('is refused from elsewhere, with a reason, and its use is not noted', async () => {
    const { secret } = await confined();
    const noted = server.noted.length;
    for (const remoteAddress of ['203.0.113.7', '192.0.3.0', '::1', '::ffff:203.0.113.7', '2001:db9::1']) {
      const { status, json } = await ask(secret, 'GET', { remoteAddress });
      expect([remoteAddress, status, json.error.code]).toEqual([remoteAddress, 403, 'ip_not_allowed']);
    }
    expect(server.noted.length).toBe(noted);
    for (const remoteAddress of ['192.0.2.9', '::ffff:192.0.2.9', '::ffff:c000:209', '2001:db8::9']) {
      expect([remoteAddress, (await ask(secret, 'GET', { remoteAddress })).status]).toEqual([
        remoteAddress,
        200,
      ]);
    }
  });

  test.each([
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
  ])('is not fooled by the header %s of a caller that is no trusted proxy', async (name) => {
    const { secret } = await confined();
    const value = name === 'forwarded' ? 'for=192.0.2.9' : '192.0.2.9';
    const { status } = await ask(secret, 'GET', { remoteAddress: '203.0.113.7', headers: { [name]: value } });
    expect(status).toBe(403);
  });

  test('behind a trusted proxy counts by the address that the proxy saw, whatever a caller put before it', async () => {
    const { secret } = await confined();
    const app = await createApp({
      ids: { nowMs: Date.now, randomBytes },
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      onInternalError: (error) => server.internalErrors.push(error),
      plugins: [
        registerOperations({ operations: server.operations, access: server.access, audit: silentAudit }),
      ],
    });
    const statusOf = async (remoteAddress: string, forwarded: string) => {
      const headers = { authorization: `Bearer ${secret}`, 'x-forwarded-for': forwarded };
      return (await app.inject({ url: path, headers, remoteAddress })).statusCode;
    };
    const answers = [
      ['10.0.0.1', '192.0.2.9', 200],
      ['::ffff:10.0.0.1', '192.0.2.9', 200],
      ['fd00::1', '::ffff:192.0.2.9', 200],
      ['10.0.0.1', '203.0.113.7, 192.0.2.9', 200],
      ['10.0.0.1', '192.0.2.9, 10.0.0.2', 200],
      ['10.0.0.1', '192.0.2.9, 203.0.113.7', 403],
      ['10.0.0.1', '203.0.113.7', 403],
      ['10.0.0.1', '192.0.2.9:443', 403],
      ['10.0.0.1', 'unknown', 403],
      ['10.0.0.1', '', 403],
      ['203.0.113.7', '192.0.2.9', 403],
      ['11.0.0.1', '192.0.2.9', 403],
    ] as const;
    for (const [from, forwarded, status] of answers) {
      expect([from, forwarded, await statusOf(from, forwarded)]).toEqual([from, forwarded, status]);
    }
    await app.close();
  });

  test('is told apart from an unknown one only to whoever holds it', async () => {
    const { secret } = await confined();
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('x') ? 'y' : 'x'}`;
    expect((await ask(wrong, 'GET', { remoteAddress: '203.0.113.7' })).status).toBe(401);
  });
});

test('no key reads, changes, rotates or revokes a key of another project, and learns nothing of it', async () => {
  const { secret } = await made({ permissions: [...gatewayDefaults, ...manages] });
  const { tenants } = server.test.store;
  const organizationId = server.project.organizationId;
  const row = { id: 'proj_other', slug: 'other', name: 'Other', capture: 'full' as const, createdAtMs: 0 };
  await tenants.insertProject(organizationId, row);
  const foreign: Key = (await server.keys.create({ id: row.id, organizationId }, { name: 'foreign' })).key;
  const unknown = `key_${'0'.repeat(26)}`;
  for (const [method, suffix] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['GET', '/usage'],
  ] as const) {
    const payload = method === 'PATCH' || method === 'POST' ? { payload: {} } : {};
    const answers = await Promise.all(
      [foreign.id, unknown].map((id) => ask(secret, method, { at: `/${id}${suffix}`, ...payload })),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.json.error.message).toBe(answers[1]?.json.error.message);
  }
  expect(await server.keys.get(row.id, foreign.id)).toEqual(foreign);
});
