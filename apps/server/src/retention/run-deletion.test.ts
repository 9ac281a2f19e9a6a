import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLabCall } from '../../test/make-lab-call.ts';
import {
  type DataServer,
  newProject,
  openDataServer,
  readAll,
  receiptKey,
} from '../../test/open-data-lab.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { openTestTraces, type TestTraces } from '../../test/open-test-traces.ts';
import { isGenuineReceipt } from './receipt-key.ts';

const atMs = Date.UTC(2026, 4, 1);
let shared: TestStore;
let traces: TestTraces;
let server: DataServer;

beforeAll(async () => {
  shared = await openTestStore();
  traces = await openTestTraces(shared.place);
  server = await openDataServer({ test: shared, traces: traces.traces });
}, 60_000);
afterAll(async () => {
  await server?.close();
  await traces?.close();
  await shared?.close();
});

type Place = { id: string; organizationId: string };
const callOf = ({ id, organizationId }: Place, number: number, more: { says: string[]; userId?: string }) =>
  makeLabCall({ projectId: id, organizationId, number, startedAtMs: atMs + number * 1_000, ...more });
const by = { isDryRun: false, isTestOnly: false, requestedBy: 'user_1' };

async function deleteAll(project: Place, filter: object, more: object = {}) {
  const begun = await server.deletions.begin(project, { ...by, filter, ...more });
  await server.upkeep.run();
  return server.deletions.get(project.id, begun.id);
}

test('a deletion ends with a receipt that anybody can check, and what others said stays to the letter', async () => {
  const project = await newProject(shared);
  server.record(callOf(project, 1, { says: ['be kind', 'I am Ann'], userId: 'ann' }));
  server.record(callOf(project, 2, { says: ['be kind', 'I am Bob'], userId: 'bob' }));
  await server.load();
  const before = await readAll(traces.traces, project.id);
  const counted = await server.deletions.begin(project, { ...by, isDryRun: true, filter: { user: 'ann' } });
  expect(counted).toMatchObject({
    state: 'counted',
    deleted: { traces: 1, spans: 2, contents: 1 },
    receipt: null,
  });

  const ended = await deleteAll(project, { user: 'ann' });
  expect(ended).toMatchObject({
    state: 'done',
    progress: 1,
    error: null,
    deleted: { traces: 1, spans: 2, contents: 1 },
  });
  const { receipt } = ended;
  if (receipt === null) throw new Error('There is no receipt.');
  expect(receipt.swept.every(({ left }) => left === 0)).toBe(true);
  expect(isGenuineReceipt(receipt, receiptKey.publicPem)).toBe(true);
  const after = await readAll(traces.traces, project.id);
  expect([...after.keys()]).toEqual(['req_2']);
  expect(after.get('req_2')).toEqual(before.get('req_2'));
});

test('every word of a receipt is under its signature', async () => {
  const project = await newProject(shared);
  const { receipt } = await deleteAll(project, { user: 'nobody' });
  if (receipt === null) throw new Error('There is no receipt.');
  const forged = [
    { ...receipt, project_id: 'another' },
    { ...receipt, filter: {} },
    { ...receipt, deleted: { ...receipt.deleted, traces: 1 } },
    { ...receipt, swept: receipt.swept.slice(1) },
    { ...receipt, finished_at: receipt.requested_at.replace(/^..../, '2020') },
    { ...receipt, signature: receipt.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
  ];
  expect(forged.filter((each) => isGenuineReceipt(each, receiptKey.publicPem))).toEqual([]);
});

test('what was recorded before and waits in a spool is deleted as well, and what comes after stays', async () => {
  const project = await newProject(shared);
  server.record(callOf(project, 11, { says: ['waiting'], userId: 'ann' }));
  const ended = await deleteAll(project, { user: 'ann' });
  expect(ended.state).toBe('done');
  server.record(
    makeLabCall({
      projectId: project.id,
      organizationId: project.organizationId,
      number: 12,
      says: ['later'],
      startedAtMs: Date.now() + 1_000,
      userId: 'ann',
    }),
  );
  await server.load();
  expect([...(await readAll(traces.traces, project.id)).keys()]).toEqual(['req_c']);
});

test('a server that was away loads nothing of what was deleted meanwhile, and its other calls whole', async () => {
  const project = await newProject(shared);
  const dir = await mkdtemp(join(tmpdir(), 'away-spool-'));
  const away = await openDataServer({ test: shared, traces: traces.traces, loads: false, dir });
  away.record(callOf(project, 21, { says: ['same words', 'of ann'], userId: 'ann' }));
  away.record(callOf(project, 22, { says: ['same words', 'of bob'], userId: 'bob' }));
  await away.close();
  const ended = await deleteAll(project, { user: 'ann' });
  expect(ended.state).toBe('done');
  const back = await openDataServer({ test: shared, traces: traces.traces, dir });
  await back.load();
  await back.close();
  await rm(dir, { recursive: true, force: true });
  await server.upkeep.run();
  const left = await readAll(traces.traces, project.id);
  expect([...left.keys()]).toEqual(['req_16']);
  expect(JSON.stringify(left.get('req_16'))).toContain('of bob');
  expect(await traces.traces.readStorageUse(project.id)).toMatchObject({ traces: 1, contents: 3 });
});

test('a server that stops in the middle leaves a deletion to another one, which ends it', async () => {
  const project = await newProject(shared);
  for (const number of [31, 32])
    server.record(callOf(project, number, { says: [`word ${number}`], userId: 'ann' }));
  await server.load();
  const begun = await server.deletions.begin(project, { ...by, filter: { user: 'ann' } });
  const dying = await openDataServer({
    test: shared,
    traces: traces.traces,
    change: {
      traces: {
        ...traces.traces,
        restoreTraceIndex: async () => {
          throw Object.assign(new Error('The server is gone.'), { code: 'store_unavailable' });
        },
      },
    },
  });
  await dying.upkeep.run();
  expect(dying.warnings).toHaveLength(1);
  await dying.close();
  expect(await server.deletions.get(project.id, begun.id)).toMatchObject({
    state: 'deleting',
    receipt: null,
  });
  // Of what was half-way there is nothing to be seen, and the next server begins again.
  await server.upkeep.run();
  const ended = await server.deletions.get(project.id, begun.id);
  expect(ended).toMatchObject({ state: 'done', deleted: { contents: 3 } });
  expect(await traces.traces.readStorageUse(project.id)).toMatchObject({ spans: 0, contents: 0 });
});

test('a deletion waits while calls of its project are priced again, and none are priced while it runs', async () => {
  const project = await newProject(shared);
  const { repricings } = shared.store;
  const asked = {
    organizationId: project.organizationId,
    fromMs: 0,
    toMs: 1,
    isApplied: true,
    requestedBy: undefined,
  };
  const about = {
    createdAtMs: 0,
    serverId: 's',
    callsTotal: 0,
    progress: { batches: 0, calls: 0, changedCalls: 0, models: [] },
  };
  await repricings.insertRepricing(project.id, { id: `rep_${project.id}`, ...asked, ...about });
  const ended = await deleteAll(project, { user: 'ann' });
  expect(ended.state).toBe('counting');
  const again = { id: `rep2_${project.id}`, ...asked, ...about };
  await repricings.saveRepricing(project.id, {
    id: `rep_${project.id}`,
    serverId: 's',
    status: 'done',
    progress: about.progress,
  });
  expect(await repricings.insertRepricing(project.id, again)).toBeUndefined();
  await server.upkeep.run();
  expect(await server.deletions.get(project.id, ended.id)).toMatchObject({ state: 'done' });
  expect(await repricings.insertRepricing(project.id, again)).toBeDefined();
});

test('replies and items of conversations go with their calls, and those of others stay', async () => {
  const project = await newProject(shared);
  const { responses, conversations, owned } = shared.store;
  const sealed = Buffer.from('sealed');
  const ownerOf = (number: number, userId: string) => ({
    ...{ requestId: `req_${number.toString(16)}`, userId, sessionId: 'conv_1', tags: [] },
  });
  await conversations.insertConversation(project.id, {
    ...{ mode: 'live', id: 'conv_1', keyId: 'key_1', createdAtMs: atMs, sealed },
  });
  for (const [number, userId] of [
    [41, 'ann'],
    [42, 'bob'],
  ] as const) {
    const by = ownerOf(number, userId);
    server.record(callOf(project, number, { says: ['hello'], userId }));
    await responses.insertStoredResponses([
      {
        ...{
          projectId: project.id,
          mode: 'live',
          keyId: 'key_1',
          status: 'completed',
          id: `resp_${userId}`,
          by,
          sealed,
        },
        ...{ previousId: undefined, conversationId: 'conv_1', itemIds: [], serverId: undefined },
        ...{ createdAtMs: atMs, expiresAtMs: Date.UTC(2100, 0) },
      },
    ]);
    const items = [{ id: `msg_${userId}`, sealed }];
    await conversations.insertConversationItems(project.id, {
      ...{ mode: 'live', conversationId: 'conv_1', items, usedAtMs: atMs, by },
    });
  }
  await server.load();
  const whole = {
    session: undefined,
    tag: undefined,
    fromMs: undefined,
    toMs: Date.UTC(2100, 0),
    isTestOnly: false,
  };
  const count = (user: string | undefined) => owned.countOwnedRows(project.id, { ...whole, user });
  const ended = await deleteAll(project, { user: 'ann' });
  expect(ended).toMatchObject({ state: 'done', deleted: { traces: 1, responses: 1 } });
  expect(await count('ann')).toEqual({ responses: 0, items: 0 });
  expect(await count('bob')).toEqual({ responses: 1, items: 1 });
  // A session that is a conversation goes whole.
  await deleteAll(project, { session: 'conv_1' });
  expect(await count(undefined)).toEqual({ responses: 0, items: 0 });
  expect(await conversations.findConversation(project.id, { mode: 'live', id: 'conv_1' })).toBeUndefined();
});
