import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '@app/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditLab, openAuditLab } from '../../test/open-audit-lab.ts';
import { silentLog } from '../../test/open-test-store.ts';
import { schedule } from '../start/schedule.ts';
import type { NewAuditEvent } from './audit.ts';
import { INSTALLATION_CHAIN } from './bind-events.ts';
import { draftEvent } from './draft-event.ts';
import { openOutbox } from './open-outbox.ts';
import { verifyChain } from './verify-chain.ts';

let lab: AuditLab;
beforeAll(async () => {
  lab = await openAuditLab();
}, 60_000);
afterAll(() => lab.close());

const event = (organizationId: string, more: Partial<NewAuditEvent> = {}): NewAuditEvent => ({
  organizationId,
  action: 'limit.change',
  actor: { kind: 'person', id: 'ada' },
  ip: '192.0.2.7',
  ...more,
});

async function verified(organizationId: string, getChainKey: (id: string) => Promise<Buffer>) {
  const events = await lab.readAll(organizationId);
  const readHead = () => lab.test.store.audit.findAuditChain(organizationId);
  return verifyChain({ organizationId, key: await getChainKey(organizationId), events, readHead });
}

test('ten thousand changes at once, of two servers, are in one whole chain', async () => {
  const one = await lab.open();
  const two = await lab.open({ processName: 'cli-two' });
  await Promise.all(
    Array.from({ length: 10_000 }, (_, at) =>
      (at % 2 === 0 ? one : two).record(
        event('org_many', { target: { kind: 'limit', id: `lim_${at}`, name: null } }),
      ),
    ),
  );
  await Promise.all([one.close(), two.close()]);
  const found = await verified('org_many', one.getChainKey);
  expect(found).toMatchObject({ checked: 10_000, firstSequence: 1, lastSequence: 10_000, faults: [] });
  const targets = new Set((await lab.readAll('org_many')).map(({ targetId }) => targetId));
  expect(targets.size).toBe(10_000);
});

test('a change is told once, with what it was before and after, by who did it', async () => {
  const audit = await lab.open();
  const entry = await audit.begin(event('org_one', { before: { max: 1 } }));
  await entry.done(event('org_one', { before: { max: 1 }, after: { max: 2 } }));
  const failing = await audit.begin(event('org_one'));
  await failing.failed('It was changed by somebody else.');
  await audit.record({
    ...event('org_one', { action: 'session.sign_in' }),
    outcome: 'refused',
    reason: 'locked',
  });
  const [changed, failed, refused] = await lab.readAll('org_one');
  expect(changed).toMatchObject({
    sequence: 1,
    outcome: 'done',
    before: '{"max":1}',
    after: '{"max":2}',
    actorId: 'ada',
  });
  expect(failed).toMatchObject({
    sequence: 2,
    outcome: 'failed',
    reason: 'It was changed by somebody else.',
    after: null,
  });
  expect(refused).toMatchObject({ sequence: 3, outcome: 'refused', reason: 'locked', ip: '192.0.2.7' });
  await audit.close();
  expect(await readdir(join(lab.dataDir, 'audit'))).toEqual([]);
});

test('what belongs to no organization has a chain of its own', async () => {
  const audit = await lab.open();
  const { organizationId: _, ...unowned } = event('');
  await audit.record({ ...unowned, action: 'session.sign_in_failed' });
  expect(await lab.readAll(INSTALLATION_CHAIN)).toMatchObject([{ action: 'session.sign_in_failed' }]);
  await audit.close();
});

test('what a process left that is gone is told by the next, once: outcomes as they are, and intents as failed', async () => {
  const dir = join(lab.dataDir, 'audit', 'server-dead');
  const living = await lab.open();
  const { key, left } = await leaveBehind(dir);
  expect(left.length).toBe(3);
  await living.close();
  for (const processName of ['server-next', 'server-after-that']) {
    const audit = await lab.open({ processName });
    await audit.close();
  }
  const told = await lab.readAll('org_left');
  expect(told.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['aud_done', 'done'],
    ['aud_open', 'failed'],
  ]);
  expect(told[1]?.reason).toContain('stopped');
  expect(key).toHaveLength(32);
});

/** An intent with its outcome, and one without, in files that no process has open. */
async function leaveBehind(dir: string) {
  const key = lab.keys.outboxKey;
  const append = async () => undefined;
  const outbox = openOutbox({ dir, key, append, nowMs: lab.nowMs, schedule, log: silentLog });
  const draft = (id: string, outcome: 'done' | 'failed') =>
    draftEvent(event('org_left'), {
      id,
      atMs: 1_000,
      outcome,
      reason: outcome === 'failed' ? 'The server stopped.' : undefined,
      digest: lab.keys.digest,
    });
  const left = [
    outbox.write({ kind: 'intent', event: draft('aud_done', 'failed') }),
    outbox.write({ kind: 'intent', event: draft('aud_open', 'failed') }),
    outbox.write({ kind: 'event', event: draft('aud_done', 'done') }),
  ];
  await outbox.close();
  return { key, left };
}

test('a command takes nothing away from a server that lives', async () => {
  const server = await lab.open({ processName: 'server-alive' });
  const command = await lab.open({ processName: 'cli-beside' });
  expect(await readdir(join(lab.dataDir, 'audit'))).toContain('server-alive');
  await command.close();
  await server.close();
});

test('the same refusal of the same caller is told once a minute with how often, and others apart', async () => {
  const audit = await lab.open();
  const refusal = (ip: string) => ({
    ...event('org_refused'),
    actor: { kind: 'anyone' as const },
    ip,
    code: 'invalid_api_key',
    route: 'GET /x',
  });
  for (let at = 0; at < 500; at += 1) audit.noteRefusal(refusal('192.0.2.1'));
  audit.noteRefusal(refusal('192.0.2.2'));
  await audit.close();
  const told = await lab.readAll('org_refused');
  expect(told.map(({ ip, count, reason, targetId }) => [ip, count, reason, targetId])).toEqual([
    ['192.0.2.1', 500, 'invalid_api_key', 'GET /x'],
    ['192.0.2.2', 1, 'invalid_api_key', 'GET /x'],
  ]);
});

test('refusals of ever new callers are summed, and cost no more memory than a thousand of them', async () => {
  const audit = await lab.open();
  for (let at = 0; at < 5_000; at += 1) {
    audit.noteRefusal({
      ...event('org_flood'),
      actor: { kind: 'anyone' },
      ip: `2001:db8:0:${at.toString(16)}::1`,
      code: 'invalid_api_key',
      route: 'GET /x',
    });
  }
  await audit.close();
  expect(await lab.readAll('org_flood')).toHaveLength(1_000);
  const rest = (await lab.readAll(INSTALLATION_CHAIN)).find(({ targetId }) => targetId === '*');
  expect(rest).toMatchObject({ count: 4_000, outcome: 'refused' });
});

test('where changes have to be audited, one that the disk does not take is refused; elsewhere it is made and told', async () => {
  const strict = await lab.open({ processName: 'cli-strict', required: true });
  const easy = await lab.open({ processName: 'cli-easy' });
  const folders = ['cli-strict', 'cli-easy'].map((name) => join(lab.dataDir, 'audit', name));
  for (const folder of folders) await makeUnwritable(folder);
  const refused = await strict.begin(event('org_full')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(GatewayError);
  expect(refused).toMatchObject({ code: 'store_unavailable', status: 503 });
  const entry = await easy.begin(event('org_full'));
  await entry.done(event('org_full', { after: { max: 3 } }));
  expect(await lab.readAll('org_full')).toMatchObject([{ after: '{"max":3}' }]);
  await Promise.all([strict.close(), easy.close()]);
});

/** Also where tests run as root, whom no permission stops: nothing can be made in a folder that is not there. */
async function makeUnwritable(folder: string): Promise<void> {
  await chmod(folder, 0o500);
  await rm(folder, { recursive: true, force: true });
}

test('while PostgreSQL is away changes wait on the disk, and after a bound they are refused where they have to be audited', async () => {
  const broken = {
    ...lab.test.store.audit,
    appendAuditEvents: async () => Promise.reject(new Error('away')),
  };
  const audit = await lab.open({ processName: 'server-away', required: true, audit: broken });
  const entry = await audit.begin(event('org_away'));
  await entry.done(event('org_away', { after: { max: 4 } }));
  expect(await lab.readAll('org_away')).toEqual([]);
  lab.advance(29_000);
  await (await audit.begin(event('org_away'))).failed('no');
  lab.advance(2_000);
  await expect(audit.begin(event('org_away'))).rejects.toMatchObject({ code: 'store_unavailable' });
  await audit.close();
  const next = await lab.open({ processName: 'server-back' });
  expect(await lab.readAll('org_away')).toMatchObject([
    { after: '{"max":4}' },
    { outcome: 'failed', reason: 'no' },
  ]);
  await next.close();
});

test('no secret reaches the table or the disk, by its name or by its form', async () => {
  const canary = 'CANARY-0123456789-abcdef';
  const ours = 'sk-proj-CANARYcanaryCANARY0123456789';
  const audit = await lab.open({ processName: 'cli-canary' });
  const named = {
    secret: canary,
    api_key: canary,
    newPassword: canary,
    headers: { authorization: canary, 'Set-Cookie': canary },
    header: { name: 'x', value: canary },
    webhook_url: `https://hooks.example.com/${canary}`,
  };
  const entry = await audit.begin(event('org_canary', { before: named }));
  const folder = join(lab.dataDir, 'audit', 'cli-canary');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.segment'));
  const bytes = await Promise.all(files.map((name) => readFile(join(folder, name))));
  expect(bytes.length).toBeGreaterThan(0);
  expect(Buffer.concat(bytes).includes('org_canary')).toBe(false);
  await entry.done(
    event('org_canary', { before: named, after: { note: `the key is ${ours}` }, userAgent: ours }),
  );
  await audit.close();
  const [told] = await lab.readAll('org_canary');
  const text = JSON.stringify(told);
  expect(text).not.toContain('CANARY');
  expect(text.match(/hmac-sha256:[0-9a-f]{16}/g)?.length).toBeGreaterThanOrEqual(9);
  expect(text).toContain('https://hooks.example.com ');
});

test('nothing in a chain can be changed or taken out by a statement', async () => {
  const pool = lab.test.store.openAuthPool();
  for (const sql of [
    "update public.audit_events set action = 'x'",
    'delete from public.audit_events',
    'truncate public.audit_events',
  ]) {
    await expect(pool.query(sql)).rejects.toThrow('append-only');
  }
  await pool.end();
});
