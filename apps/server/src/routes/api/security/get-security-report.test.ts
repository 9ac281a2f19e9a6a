import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestAuditLog } from '../../../../test/create-test-audit-log.ts';
import { openTestManagement, type TestManagement } from '../../../../test/open-test-management.ts';
import { openTestStore, type TestStore } from '../../../../test/open-test-store.ts';
import { readSound } from '../../../../test/planted-faults.ts';
import type { NewAuditEvent } from '../../../audit/audit.ts';
import { openSecurity } from '../../../start/open-security.ts';

const DAY_MS = 86_400_000;
let store: TestStore;
let server: TestManagement;
const written: NewAuditEvent[] = [];
const logged: string[] = [];
let tell: () => void;

/** A production server whose stores hold what should not be there. */
beforeAll(async () => {
  store = await openTestStore();
  const accepted = 'accepted_findings: [{check: mail, reason: a lab}]\n';
  const security = openSecurity(
    {
      config: readSound({ DATABASE_URL: 'postgres://app:a-long-password@127.0.0.1/x' }, accepted),
      world: { variables: {}, runtime: { nodeVersion: 'v24.21.0', uid: 1000, execArgv: ['--inspect'] } },
      ...store,
      auditLog: createTestAuditLog(store.store),
      audit: {
        begin: () => Promise.reject(new Error('nothing is begun')),
        record: async (event) => void written.push(event),
        noteRefusal: () => undefined,
        close: async () => undefined,
      },
      serverId: 'srv_1',
      ids: { nowMs: Date.now },
      schedule: (_delayMs, run) => {
        setImmediate(run);
        return () => undefined;
      },
      log: {
        warn: (...told: unknown[]) => void logged.push(JSON.stringify(told)),
        error: (...told: unknown[]) => void logged.push(JSON.stringify(told)),
      },
    },
    { add: () => undefined, close: async () => undefined },
  );
  tell = security.tell;
  server = await openTestManagement({
    store,
    readReport: security.readReport,
    findSession: async ({ cookie }) =>
      typeof cookie === 'string'
        ? {
            user: {
              ...{ id: cookie, name: cookie, email: `${cookie}@example.com`, sessionId: 's' },
              ...{ method: 'password', twoFactor: false },
            },
            setCookies: [],
          }
        : undefined,
  });
  const { tenants, destinations } = store.store;
  const { organizationId } = server.project;
  const second = { id: 'org_2', slug: 'second', name: 'Second', createdAtMs: 0 };
  await tenants.insertOrganization(second);
  for (const [organization, userId, role] of [
    [organizationId, 'owner', 'owner'],
    [organizationId, 'member', 'member'],
    ['org_2', 'other', 'owner'],
  ] as const) {
    await tenants.insertMembership(organization, { userId, role, createdAtMs: 0 });
  }
  await server.keys.create(server.project, {
    name: 'everything',
    mode: 'test',
    permissions: ['keys:write', 'settings:write'],
  });
  await destinations.insertDestination('org_2', {
    ...{ id: 'dst_1', name: 'ops', kind: 'webhook', target: 't', sealed: Buffer.from([1]) },
    ...{ budgetNotices: false, createdAtMs: 0, createdBy: undefined, max: 9 },
  });
  await destinations.noteDelivery('org_2', { id: 'dst_1', atMs: DAY_MS, error: 'It is gone.' });
}, 60_000);
afterAll(() => server.close());

const ask = (cookie: string, organization = 'default') =>
  server.app.inject({
    url: `/api/v1/organizations/${organization}/security-report`,
    headers: { host: '127.0.0.1:4000', cookie },
  });

test('what the stores hold is found, with everything else, worst first', async () => {
  const reply = await ask('owner');
  expect(reply.statusCode).toBe(200);
  const { findings, skipped, mode } = reply.json();
  expect(mode).toBe('production');
  const found = findings.map(
    ({ check, severity }: { check: string; severity: string }) => `${severity} ${check}`,
  );
  expect(found[0]).toBe('critical inspector');
  expect(found).toEqual(
    expect.arrayContaining([
      'warning managing-keys',
      'notice test-keys',
      'warning budgets',
      'warning destinations',
      'warning failing-destinations',
      'notice alerts',
    ]),
  );
  const told = JSON.stringify(findings);
  expect(told).toContain('default/default');
  expect(told).toContain('\\"ops\\" of second');
  // No chain was begun here, so none can be judged.
  expect(skipped.map(({ check }: { check: string }) => check)).toEqual(['audit-chain']);
});

test('it is for those who manage the organization that runs the installation, and for nobody else', async () => {
  expect((await ask('member')).statusCode).toBe(403);
  expect((await ask('other', 'second')).statusCode).toBe(403);
  expect((await ask('other')).statusCode).toBe(404);
});

test('at a start the log tells what is critical, and the audit what is accepted', async () => {
  tell();
  await expect.poll(() => logged.join('')).toContain('[inspector]');
  expect(written).toEqual([
    expect.objectContaining({
      action: 'settings.change',
      actor: { kind: 'server', id: 'srv_1' },
      after: { accepted_findings: [{ check: 'mail', reason: 'a lab' }] },
    }),
  ]);
});
