import type { DataFilter } from '@app/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabCall, makeLabCall } from '../../test/make-lab-call.ts';
import { type DataServer, newProject, openDataServer, readAll } from '../../test/open-data-lab.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { openTestTraces, type TestTraces } from '../../test/open-test-traces.ts';
import { isErasedBy } from './is-erased-by.ts';

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

type ModelCall = Required<Pick<LabCall, 'says' | 'mode' | 'tags'>> & {
  user: string;
  session: string;
  hour: number;
  trace: number;
};

const words = fc.constantFrom('be kind', 'hello', 'my name is Ann', 'tell me more', 'good bye');
const call: fc.Arbitrary<ModelCall> = fc.record({
  says: fc.uniqueArray(words, { minLength: 1, maxLength: 3 }),
  user: fc.constantFrom('ann', 'bob', ''),
  session: fc.constantFrom('s1', 's2', ''),
  tags: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
  mode: fc.constantFrom('live' as const, 'test' as const),
  hour: fc.integer({ min: 0, max: 800 }),
  trace: fc.integer({ min: 1, max: 6 }),
});
const hourOf = (hour: number) => new Date(atMs + hour * 3_600_000).toISOString();
const filter: fc.Arbitrary<DataFilter> = fc
  .record(
    {
      user: fc.constantFrom('ann', 'bob'),
      session: fc.constantFrom('s1', 's2'),
      tag: fc.constantFrom('x', 'y'),
      trace_id: fc.integer({ min: 1, max: 6 }).map((trace) => trace.toString(16).padStart(32, '0')),
      from: fc.integer({ min: 0, max: 400 }).map(hourOf),
      to: fc.integer({ min: 401, max: 800 }).map(hourOf),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0);

function labCall(project: { id: string; organizationId: string }, given: ModelCall, number: number): LabCall {
  return {
    ...{ projectId: project.id, organizationId: project.organizationId, number, traceNumber: given.trace },
    ...{ says: given.says, tags: given.tags, mode: given.mode },
    startedAtMs: atMs + given.hour * 3_600_000 + number,
    ...(given.user === '' ? {} : { userId: given.user }),
    ...(given.session === '' ? {} : { sessionId: given.session }),
  };
}

const matches = (lab: LabCall, asked: DataFilter, isTestOnly: boolean) =>
  isErasedBy(
    { projectId: lab.projectId, filter: asked, requestedAtMs: Date.UTC(2100, 0), isTestOnly },
    {
      traceId: (lab.traceNumber ?? 0).toString(16).padStart(32, '0'),
      mode: lab.mode ?? 'live',
      createdAtMs: lab.startedAtMs,
      by: { userId: lab.userId, sessionId: lab.sessionId, tags: lab.tags ?? [] },
    },
  );

test('after a deletion nothing that matches can be read, everything else is as it was, and no content is left over', async () => {
  let number = 1_000;
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 10 }),
      filter,
      fc.boolean(),
      async (calls, asked, isTestOnly) => {
        const project = await newProject(shared);
        const labs = calls.map((given) => labCall(project, given, number++));
        // Half of it waits in the spool while the deletion is asked for.
        for (const [place, lab] of labs.entries()) {
          server.record(makeLabCall(lab));
          if (place === Math.floor(labs.length / 2)) await server.load();
        }
        const begun = await server.deletions.begin(project, {
          ...{ filter: asked, isTestOnly, isDryRun: false, requestedBy: undefined },
        });
        await server.upkeep.run();
        const ended = await server.deletions.get(project.id, begun.id);
        expect(ended).toMatchObject({ state: 'done', error: null });
        const left = labs.filter((lab) => !matches(lab, asked, isTestOnly));
        const read = await readAll(traces.traces, project.id);
        expect([...read.keys()].toSorted()).toEqual(
          left.map(({ number: n }) => `req_${n.toString(16)}`).toSorted(),
        );
        for (const lab of left) {
          const found = read.get(`req_${lab.number.toString(16)}`);
          const { request, reply } = makeLabCall(lab);
          expect(found).toMatchObject({
            request: JSON.parse(request ?? ''),
            reply: JSON.parse(JSON.stringify(reply)),
          });
          expect(found?.attempts).toHaveLength(1);
          expect(await traces.traces.findTrace(project.id, found?.traceId ?? '')).toBeDefined();
        }
        const said = new Set(left.flatMap(({ says }) => says));
        const use = await traces.traces.readStorageUse(project.id);
        expect(use).toMatchObject({
          spans: 2 * left.length,
          contents: said.size + (left.length > 0 ? 1 : 0),
        });
      },
    ),
    { numRuns: Number(process.env.DATA_LAW_RUNS ?? 2), seed: 20_261_122 },
  );
}, 120_000);

test('what is loaded while others are deleted keeps its contents, although both say the same', async () => {
  const project = await newProject(shared);
  const about = { projectId: project.id, organizationId: project.organizationId };
  const says = ['be kind', 'hello'];
  let number = 5_000;
  const record = (userId: string) =>
    server.record(makeLabCall({ ...about, number: number++, says, startedAtMs: atMs + number, userId }));
  for (let round = 0; round < 1; round += 1) {
    record('ann');
    await server.load();
    const begun = await server.deletions.begin(project, {
      ...{ filter: { user: 'ann' }, isTestOnly: false, isDryRun: false, requestedBy: undefined },
    });
    let isOver = false;
    const deleting = server.upkeep.run().then(() => {
      isOver = true;
    });
    while (!isOver) {
      record('bob');
      await server.load();
    }
    await deleting;
    expect(await server.deletions.get(project.id, begun.id)).toMatchObject({ state: 'done' });
  }
  const read = await readAll(traces.traces, project.id);
  expect(read.size).toBeGreaterThan(1);
  const messages = says.map((content) => ({ role: 'user', content }));
  for (const each of read.values()) {
    expect(each.userId).toBe('bob');
    expect(each.request).toEqual({ model: 'fast', messages });
    expect(await traces.traces.findTrace(project.id, each.traceId)).toBeDefined();
  }
}, 60_000);
