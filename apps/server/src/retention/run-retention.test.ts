import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLabCall } from '../../test/make-lab-call.ts';
import { type DataServer, newProject, openDataServer, readAll } from '../../test/open-data-lab.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { openTestTraces, type TestTraces } from '../../test/open-test-traces.ts';

const DAY_MS = 86_400_000;
const firstMs = Date.UTC(2026, 2, 30);
let nowMs = firstMs + 60 * DAY_MS;
let shared: TestStore;
let traces: TestTraces;
let server: DataServer;

beforeAll(async () => {
  shared = await openTestStore();
  traces = await openTestTraces(shared.place);
  server = await openDataServer({ test: shared, traces: traces.traces, nowMs: () => nowMs });
}, 60_000);
afterAll(async () => {
  await server?.close();
  await traces?.close();
  await shared?.close();
});

type Place = { id: string; organizationId: string };
const sayOn = (project: Place, day: number, says: string[]) =>
  server.record(
    makeLabCall({
      ...{ projectId: project.id, organizationId: project.organizationId },
      ...{ number: day + 1, says, startedAtMs: firstMs + day * DAY_MS },
    }),
  );
const decide = (project: Place, policy: object) =>
  shared.store.retention.upsertRetention(project.id, { policy, updatedAtMs: nowMs, updatedBy: undefined });
const read = async (project: Place) => {
  const all = await readAll(traces.traces, project.id);
  return [...all.values()].map(({ requestId, request }) => [
    Number.parseInt(requestId.slice(4), 16) - 1,
    request !== null,
  ]);
};

test('each project keeps for as long as it decided, contents apart from traces, and shared contents as long as one needs them', async () => {
  const forever = await newProject(shared);
  const short = await newProject(shared);
  for (const project of [forever, short]) {
    for (const day of [0, 10, 20, 50]) sayOn(project, day, ['be kind', `day ${day}`]);
  }
  await server.load();
  await decide(short, { traces_days: 45, contents_days: 30 });
  await server.upkeep.run();
  expect(await read(forever)).toEqual([0, 10, 20, 50].map((day) => [day, true]));
  expect(await read(short)).toEqual([
    [20, false],
    [50, true],
  ]);
  // What day 50 said, what all said, and the reply.
  expect(await traces.traces.readStorageUse(short.id)).toMatchObject({ traces: 2, contents: 3 });
  expect(await traces.traces.findTrace(short.id, (21).toString(16).padStart(32, '0'))).toMatchObject({
    capture: 'metadata',
    request: null,
    summary: { input_preview: '', output_preview: '' },
  });
  // An hour must pass until it is looked through again, and nothing more is due then.
  nowMs += 3_600_000;
  await server.upkeep.run();
  expect(await read(short)).toHaveLength(2);
  nowMs += 6 * DAY_MS;
  await server.upkeep.run();
  expect(await read(short)).toEqual([[50, true]]);
}, 30_000);

test('where contents take too much the oldest go, and the traces stay', async () => {
  const project = await newProject(shared);
  const big = (day: number) => `${day} ${'x'.repeat(600_000)}`;
  for (const day of [50, 51, 52]) sayOn(project, day, [big(day)]);
  await server.load();
  await decide(project, { contents_bytes_max: 1_300_000 });
  nowMs += 3_600_000;
  await server.upkeep.run();
  expect(await read(project)).toEqual([
    [50, false],
    [51, true],
    [52, true],
  ]);
  expect((await traces.traces.readStorageUse(project.id)).content_bytes).toBeLessThan(1_300_000);
}, 30_000);

test('a reply is kept for as long as its project decided, longer than the default too', async () => {
  const project = await newProject(shared);
  const { responses, retention } = shared.store;
  const createdAtMs = nowMs - 2 * DAY_MS;
  const row = {
    ...{ projectId: project.id, mode: 'live' as const, keyId: 'key_1', status: 'completed' as const },
    ...{ previousId: undefined, conversationId: undefined, itemIds: [], serverId: undefined },
    ...{ createdAtMs, expiresAtMs: createdAtMs + 30 * DAY_MS, sealed: Buffer.from('x') },
  };
  await responses.insertStoredResponses([{ ...row, id: 'resp_1' }]);
  const isThereAt = async (atMs: number) =>
    (await responses.listStoredResponses(project.id, { mode: 'live', ids: ['resp_1'], nowMs: atMs }))
      .length === 1;
  await decide(project, { responses_days: null });
  nowMs += 3_600_000;
  await server.upkeep.run();
  expect(await isThereAt(nowMs + 4_000 * DAY_MS)).toBe(true);
  await decide(project, { responses_days: 1 });
  nowMs += 3_600_000;
  await server.upkeep.run();
  expect(await isThereAt(nowMs)).toBe(false);
  expect(await retention.countStoredResponses(project.id)).toBe(1);
}, 30_000);
