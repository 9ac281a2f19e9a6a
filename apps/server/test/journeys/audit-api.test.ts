import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditKeys } from '../../src/audit/audit-keys.ts';
import { type OpenAudit, openAudit } from '../../src/audit/open-audit.ts';
import { createAccounts } from '../../src/identity/create-accounts.ts';
import { schedule } from '../../src/start/schedule.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { silentLog } from '../open-test-store.ts';

const password = 'correct horse battery';
let server: TestManagement;
let audit: OpenAudit;
let dataDir: string;
const people = new Map<string, Browser>();

beforeAll(async () => {
  server = await openTestManagement();
  dataDir = await mkdtemp(join(tmpdir(), 'audit-api-'));
  const { store } = server.test;
  const ids = { nowMs: () => Date.now(), randomBytes };
  const keys = createAuditKeys(Buffer.alloc(32, 3));
  const place = { dataDir, processName: 'server-test', required: false };
  audit = await openAudit({ audit: store.audit, keys, ...place, ids, schedule, log: silentLog });
  const { organizationId } = server.project;
  for (const [name, role] of [
    ['ada', 'owner'],
    ['ben', 'member'],
    ['eve', undefined],
  ] as const) {
    const email = `${name}@example.com`;
    const userId = await createAccounts(server.auth).create({ name, email, password });
    if (role !== undefined) {
      await store.tenants.insertMembership(organizationId, { userId, role, createdAtMs: Date.now() });
    }
    const browser = openBrowser(server.app);
    await browser.post('/api/auth/sign-in/email', { email, password });
    people.set(name, browser);
  }
  for (let at = 0; at < 5; at += 1) {
    const actor = { kind: 'person' as const, id: at % 2 === 0 ? 'ada' : 'ben', label: 'x@example.com' };
    await audit.record({
      organizationId,
      action: at === 4 ? 'key.revoke' : 'key.create',
      actor,
      after: { at },
    });
  }
}, 60_000);
afterAll(async () => {
  expect(server.internalErrors).toEqual([]);
  await audit.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

const get = async (name: string, path: string) => {
  const browser = people.get(name);
  if (browser === undefined) throw new Error(`Nobody is called ${name}.`);
  return browser.get(`/api/v1/organizations/${path}`);
};

test('an owner pages through what was done, newest first, and filters it', async () => {
  const first = (await get('ada', 'default/audit-events?limit=3')).json();
  const rest = (await get('ada', `default/audit-events?limit=3&cursor=${first.next_cursor}`)).json();
  const sequences = [...first.data, ...rest.data].map(({ sequence }) => sequence);
  expect(sequences).toEqual([5, 4, 3, 2, 1]);
  expect(rest.next_cursor).toBeNull();
  const revoked = (await get('ada', 'default/audit-events?action=key.revoke')).json();
  expect(revoked.data).toMatchObject([{ sequence: 5, action: 'key.revoke', actor: { id: 'ada' } }]);
  const ben = (await get('ada', 'default/audit-events?actor=ben')).json();
  expect(ben.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual([4, 2]);
  expect((await get('ada', 'default/audit-events?cursor=x')).statusCode).toBe(400);
});

test('an owner exports it as lines, oldest first, and is told that it is whole', async () => {
  const lines = (await get('ada', 'default/audit-export')).body.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([1, 2, 3, 4, 5]);
  const verified = (await get('ada', 'default/audit-verification')).json();
  expect(verified).toMatchObject({ is_whole: true, checked: 5, first_sequence: 1, last_sequence: 5 });
});

test.each(['audit-events', 'audit-export', 'audit-verification'])(
  'a member without audit:read and somebody of elsewhere get nothing of %s',
  async (path) => {
    expect((await get('ben', `default/${path}`)).statusCode).toBe(403);
    expect((await get('eve', `default/${path}`)).statusCode).toBe(404);
  },
);
