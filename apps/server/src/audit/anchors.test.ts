import { verify } from 'node:crypto';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditLab, openAuditLab } from '../../test/open-audit-lab.ts';
import { silentLog } from '../../test/open-test-store.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { schedule } from '../start/schedule.ts';
import { type Anchor, isSignedBy, parseAnchor } from './anchor-record.ts';
import { bindEvents } from './bind-events.ts';
import { createAuditLog } from './create-audit-log.ts';
import { openAnchors } from './open-anchors.ts';
import type { OpenAudit } from './open-audit.ts';
import { pruneChain } from './prune-chain.ts';
import { openAnchorSending } from './send-anchors.ts';

let lab: AuditLab;
let audit: OpenAudit;
beforeAll(async () => {
  lab = await openAuditLab();
  audit = await lab.open();
}, 60_000);
afterAll(async () => {
  await audit.close();
  await lab.close();
});

const record = async (organizationId: string, count: number) => {
  const event = {
    organizationId,
    action: 'limit.change' as const,
    actor: { kind: 'person' as const, id: 'ada' },
  };
  await Promise.all(Array.from({ length: count }, () => audit.record(event)));
};

const anchorsAt = (name: string, more: { everyEvents?: number; send?: (anchor: Anchor) => void } = {}) => {
  const path = join(lab.dataDir, name);
  const places = { audit: lab.test.store.audit, keys: lab.keys, getChainKey: audit.getChainKey, path };
  const often = { everyEvents: 1_000, everyMs: 600_000, nowMs: lab.nowMs, schedule, log: silentLog, ...more };
  return { path, open: () => openAnchors({ ...places, ...often }) };
};

const verifyWith = (anchorsPath: string, chain: string) =>
  createAuditLog({ audit: lab.test.store.audit, keys: lab.keys, anchorsPath, nowMs: lab.nowMs }).verify(
    chain,
  );

/** As somebody would who owns the database: past what keeps a chain append-only. */
async function tamper(...statements: string[]): Promise<void> {
  const pool = lab.test.store.openAuthPool();
  await pool.query('alter table public.audit_events disable trigger user');
  for (const sql of statements) await pool.query(sql);
  await pool.query('alter table public.audit_events enable trigger user');
  await pool.end();
}

test('where a chain ends is signed and written to a file of the owner alone, each line bound to the one before', async () => {
  const { path, open } = anchorsAt('lines.ndjson');
  await record('org_lines', 3);
  const first = await open();
  await first.close();
  await record('org_lines', 2);
  await appendFile(path, '{"v":1,"cut off');
  const second = await open();
  await second.anchor();
  await second.close();
  const anchors = (await readFile(path, 'utf8')).split('\n').flatMap((line) => parseAnchor(line) ?? []);
  const own = anchors.filter(({ organization_id }) => organization_id === 'org_lines');
  expect(own.map(({ sequence }) => sequence)).toEqual([3, 5]);
  expect(anchors.map(({ number }) => number)).toEqual(anchors.map((_, at) => at + 1));
  expect(anchors.every((anchor) => isSignedBy(anchor, lab.keys.publicKey))).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await verifyWith(path, 'org_lines')).toMatchObject({ is_whole: true, anchors: 2, checked: 5 });
  expect(lab.keys.jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519', kid: own[0]?.kid });
  expect(verify(null, Buffer.from('x'), lab.keys.publicKey, Buffer.alloc(64))).toBe(false);
});

test('after so many events one is signed without waiting for the clock', async () => {
  const { path, open } = anchorsAt('often.ndjson', { everyEvents: 10 });
  const anchors = await open();
  audit.onAppended(anchors.note);
  await record('org_often', 12);
  await waitUntil(async () => (await readFile(path, 'utf8').catch(() => '')).includes('org_often'));
  await anchors.close();
});

test('a file of which a line was taken out or changed, or that is gone, is named', async () => {
  const { path, open } = anchorsAt('gone.ndjson');
  for (let at = 0; at < 3; at += 1) {
    await record('org_gone', 1);
    await (await open()).close();
  }
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const faultsOf = async (kept: readonly string[]) => {
    await writeFile(path, `${kept.join('\n')}\n`);
    return (await verifyWith(path, 'org_gone')).faults.map(({ kind }) => kind);
  };
  expect(await faultsOf(lines)).toEqual([]);
  expect(await faultsOf(lines.toSpliced(-2, 1))).toEqual(['anchor_missing']);
  const forged = (lines.at(-1) ?? '').replace(/"mac":"./, (found) =>
    found.endsWith('0') ? '"mac":"1' : '"mac":"0',
  );
  expect(await faultsOf(lines.with(-1, forged))).toEqual(['anchor_missing']);
  expect(await faultsOf([])).toEqual(['anchor_missing']);
});

test('who owns the database and deletes the end of a chain with its head is found by what left it', async () => {
  const { path, open } = anchorsAt('cut.ndjson');
  await record('org_cut', 4);
  const before = await lab.test.store.audit.findAuditChain('org_cut');
  await record('org_cut', 4);
  await (await open()).close();
  const hex = (bytes: Buffer | undefined) => `'\\x${bytes?.toString('hex')}'`;
  await tamper(
    "delete from public.audit_events where organization_id = 'org_cut' and sequence > 4",
    `update public.audit_chains set sequence = 4, mac = ${hex(before?.mac)}, head_mac = ${hex(before?.headMac)} where organization_id = 'org_cut'`,
  );
  const found = await verifyWith(path, 'org_cut');
  expect(found.faults).toMatchObject([{ kind: 'truncated', sequence: 5 }]);
  await tamper("delete from public.audit_chains where organization_id = 'org_cut'");
  expect((await verifyWith(path, 'org_cut')).faults).toMatchObject([{ kind: 'truncated' }]);
});

test('who even holds the keys and makes the chain anew is found by what left the database', async () => {
  const { path, open } = anchorsAt('anew.ndjson');
  await record('org_anew', 6);
  await (await open()).close();
  const key = await audit.getChainKey('org_anew');
  const events = await lab.readAll('org_anew');
  const stem = { organizationId: 'org_anew', sequence: 2, mac: events[1]?.mac ?? Buffer.alloc(0) };
  const { events: forged, head } = bindEvents(
    key,
    stem,
    events.slice(2).map((event) => ({ ...event, actorId: 'bob' })),
  );
  const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`;
  await tamper(
    ...forged.map(
      ({ sequence, previous, mac }) =>
        `update public.audit_events set actor_id = 'bob', previous = ${hex(previous)}, mac = ${hex(mac)} where organization_id = 'org_anew' and sequence = ${sequence}`,
    ),
    `update public.audit_chains set mac = ${hex(head.mac)}, head_mac = ${hex(head.headMac)} where organization_id = 'org_anew'`,
  );
  expect((await verifyWith(path, 'org_anew')).faults).toMatchObject([{ kind: 'forked', sequence: 6 }]);
});

test('what is old is taken out by the rules, and the chain that is left is whole', async () => {
  await record('org_old', 5);
  lab.advance(1_000);
  const beforeMs = lab.nowMs();
  lab.advance(1_000);
  await record('org_old', 3);
  const deps = {
    audit: lab.test.store.audit,
    keys: lab.keys,
    getChainKey: audit.getChainKey,
    ids: { nowMs: lab.nowMs, randomBytes: (size: number) => Buffer.alloc(size, size) },
  };
  const prune = () =>
    pruneChain(deps, { organizationId: 'org_old', beforeMs, actor: { kind: 'operator', label: 'root' } });
  expect(await prune()).toBe(5);
  expect(await prune()).toBe(0);
  const path = join(lab.dataDir, 'none');
  expect(await verifyWith(path, 'org_old')).toMatchObject({
    is_whole: true,
    first_sequence: 6,
    last_sequence: 9,
    checked: 4,
  });
  const [, , , told] = await lab
    .readAll('org_old')
    .then(() => lab.test.store.audit.readAuditEvents('org_old', { afterSequence: 0, limit: 10 }));
  expect(told).toMatchObject({ action: 'audit.prune', actorLabel: 'root' });
  await tamper("delete from public.audit_events where organization_id = 'org_old' and sequence = 6");
  expect((await verifyWith(path, 'org_old')).faults).toMatchObject([{ kind: 'missing', sequence: 6 }]);
});

test('a receiver of signed copies gets the newest of each chain, also after it was away', async () => {
  const got: string[] = [];
  let isAway = true;
  const post = async ({ body }: { body: string }) => {
    if (!isAway) got.push(body);
    return { status: isAway ? 503 : 200, retryAfter: undefined };
  };
  const sending = openAnchorSending({ url: 'https://anchors.example.com', post, schedule, log: silentLog });
  const { open } = anchorsAt('sent.ndjson', { send: sending.send });
  const anchors = await open();
  await record('org_sent', 1);
  await anchors.anchor();
  await record('org_sent', 1);
  await anchors.close();
  isAway = false;
  await sending.close();
  const own = got
    .flatMap((body) => parseAnchor(body) ?? [])
    .filter((each) => each.organization_id === 'org_sent');
  expect(own.map(({ sequence }) => sequence)).toEqual([2]);
});
