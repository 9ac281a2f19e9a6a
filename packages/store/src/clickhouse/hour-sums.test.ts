import type { SpanRow } from '@app/tracing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useClickhouse } from '../../test/clickhouse-engine.ts';
import { ndjson, numberedSpan } from '../../test/span-rows.ts';
import { erasureQueries } from './erasure-queries.ts';
import { mergeStoredParts } from './merge-stored-parts.ts';
import { analyzeCalls } from './queries/analyze-calls.ts';
import { buildHours, clearBuilds, noteUnnoted } from './queries/build-hours.ts';
import { findPrompt, listPrompts } from './queries/list-prompts.ts';
import { listUsers } from './queries/list-users.ts';
import { readOverview } from './queries/read-overview.ts';
import { applyRepriced, stageRepriced } from './queries/reprice-spans.ts';
import { findSums } from './read-sums.ts';

const clickhouse = useClickhouse();
/** `SUM_TEST_RUNS=25 npx vitest run packages/store/src/clickhouse/hour-sums.test.ts` tries other orders; each takes some seconds. */
const randomRuns = Number(process.env.SUM_TEST_RUNS ?? 0);
const begin = Date.UTC(2026, 4, 1);
const hourMs = 3_600_000;
/** The whole day of the spans lies before it, so that sums of days are asked for too. */
const nowMs = begin + 29 * hourMs + 1_000_000;
const build = async () => {
  while ((await buildHours(clickhouse.get())({ settledMs: -60_000, hoursMax: 3 })) > 0);
  await clearBuilds(clickhouse.get())();
};

const users = ['ann', 'bob', ''];
const models = ['m1', 'm2'];
const kinds = ['call', 'call', 'step', 'seen'] as const;

/** What can happen to a store. Spans are few, so that the same one is often met again. */
const step = fc.oneof(
  fc.record({
    do: fc.constant('load' as const),
    spans: fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 30 }),
        user: fc.integer({ min: 0, max: 2 }),
        model: fc.integer({ min: 0, max: 1 }),
        kind: fc.integer({ min: 0, max: 3 }),
        cost: fc.integer({ min: 0, max: 1_000_000 }),
        isFailed: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  }),
  fc.record({ do: fc.constant('reprice' as const), id: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ do: fc.constant('erase' as const), user: fc.integer({ min: 0, max: 1 }) }),
  fc.record({ do: fc.constant('expire' as const), minutes: fc.integer({ min: 0, max: 120 }) }),
  fc.record({ do: fc.constant('build' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A span keeps its place in time in all of its versions. */
const startOf = (id: number) => begin + ((id * 37) % 300) * 60_000;
const timeOf = (ms: number) => new Date(ms).toISOString().replace('Z', '000000Z');

function rowOf(
  project: string,
  version: number,
  of: Extract<Step, { do: 'load' }>['spans'][number],
): SpanRow {
  const user = users[of.user] ?? '';
  return numberedSpan(of.id, {
    project_id: project,
    version,
    kind: kinds[of.kind] ?? 'call',
    user_id: user,
    session_id: user === '' ? '' : `of ${user}`,
    model: models[of.model] ?? '',
    prompt_name: of.id % 3 === 0 ? '' : 'greet',
    prompt_version: of.isFailed ? '1' : '2',
    cost_nanos: of.cost,
    outcome: of.isFailed ? 'failed' : 'ok',
    started_at: timeOf(startOf(of.id)),
    ended_at: timeOf(startOf(of.id) + 1_000),
  });
}

/** What people are told; of latencies, which are estimates, nothing but whether there are any. */
async function ask(project: string) {
  const store = clickhouse.get();
  const stretch = { range: '7d', nowMs, limit: 20 } as const;
  const told = {
    overview: await readOverview(store)(project, { range: '24h', nowMs: begin + 5 * hourMs + 1_000_000 }),
    live: await readOverview(store)(project, { range: '7d', nowMs, mode: 'live', environment: 'production' }),
    byModel: await analyzeCalls(store)(project, {
      ...stretch,
      by: ['model', 'provider'],
      order: 'cost',
      series: 'calls',
      measures: [
        'calls',
        'failed',
        'error_rate',
        'cost',
        'input_tokens',
        'output_tokens',
        'cache_read_tokens',
      ],
    }),
    byUser: await analyzeCalls(store)(project, { ...stretch, by: ['user_id'], order: 'calls' }),
    byPrompt: await analyzeCalls(store)(project, {
      ...stretch,
      from: timeOf(begin + 5_400_000),
      by: ['prompt_name', 'prompt_version', 'environment'],
      order: 'cost',
    }),
    byBoth: await analyzeCalls(store)(project, { ...stretch, by: ['prompt_name', 'model'], order: 'calls' }),
    users: await listUsers(store)(project, stretch),
    anns: await listUsers(store)(project, { ...stretch, search: 'AN' }),
    prompts: await listPrompts(store)(project, stretch),
    prompt: await findPrompt(store)(project, 'name:greet', stretch),
  };
  return JSON.parse(
    JSON.stringify(told, (name, value) => (/latency/.test(name) && value !== null ? 'some' : value)),
  );
}

/** The same questions when nothing is added up. */
async function askSpans(project: string) {
  const store = clickhouse.get();
  await store.command(
    `ALTER TABLE hour_builds DELETE WHERE project_id = '${project}' SETTINGS mutations_sync = 1`,
  );
  return ask(project);
}

async function run(project: string, steps: readonly Step[]) {
  const store = clickhouse.get();
  const erasing = erasureQueries(store, async () => undefined);
  let version = 10;
  for (const [place, each] of steps.entries()) {
    version += 10;
    if (each.do === 'build') await build();
    if (each.do === 'load') {
      const rows = each.spans.map((of) => rowOf(project, version, of));
      await store.insert('spans', { ndjson: ndjson(rows), token: `${project}-${place}` });
    }
    if (each.do === 'reprice') {
      const { trace_id, span_id } = numberedSpan(each.id, {});
      const at = { repricingId: `rep_${place}`, batch: 0 };
      const cost = (nanos: number) => ({ nanos, label: 'exact' as const, priceVersion: 'v' });
      const span = {
        traceId: trace_id,
        spanId: span_id,
        version,
        before: cost(0),
        after: cost(7_000 + place),
      };
      const startedNanos = `${startOf(each.id)}000000`;
      await stageRepriced(store)(project, { ...at, spans: [{ ...span, startedNanos }] });
      await applyRepriced(store)(project, at);
    }
    if (each.do === 'erase') {
      const jobId = `${project}-${place}`;
      const filter = { filter: { user: users[each.user] ?? 'ann' }, beforeMs: nowMs, isTestOnly: false };
      await erasing.stageErasure(project, { ...filter, jobId });
      await erasing.eraseSpans(project, { jobId });
      await erasing.endErasure(jobId);
      for (const table of ['hour_sums', 'day_sums']) {
        const [left] = await store.rows<{ left: string }>(
          `SELECT count() AS left FROM ${table} WHERE project_id = {project:String} AND user_id = {user:String} LIMIT 1`,
          { project, user: users[each.user] ?? 'ann' },
        );
        expect(left?.left).toBe('0');
      }
    }
    if (each.do === 'expire')
      await erasing.expireSpans({ projectIds: [project], beforeMs: begin + each.minutes * 60_000 });
  }
}

const loaded = (ids: number[], user: number, cost: number): Step => ({
  do: 'load',
  spans: ids.map((id) => ({ id, user, model: id % 2, kind: 0, cost, isFailed: false })),
});

/** Whatever can happen, each after something was added up, in hours of which a call is left; a later version comes last. */
const everything: Step[] = [
  ...[
    loaded([0, 1, 2, 3], 0, 5),
    loaded([4, 5, 6, 9, 10], 1, 7),
    { do: 'build' } as const,
    loaded([1, 4], 1, 9),
  ],
  ...[{ do: 'build' } as const, { do: 'reprice', id: 2 } as const, { do: 'build' } as const],
  ...[{ do: 'erase', user: 0 } as const, { do: 'build' } as const, { do: 'expire', minutes: 30 } as const],
  ...[{ do: 'build' } as const, loaded([9], 1, 11)],
];

test(
  'whatever happened in whatever order, what was added up gives the answer of the spans themselves',
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
        count += 1;
        const project = `sums_${count}`;
        await run(project, steps);
        const before = await ask(project);
        await build();
        const summed = await ask(project);
        const spans = await askSpans(project);
        expect(before).toEqual(spans);
        expect(summed).toEqual(spans);
      }),
      { seed: 11, numRuns: 1 + randomRuns, endOnFailure: true, examples: [[everything]] },
    );
  },
  60_000 + randomRuns * 20_000,
);

test('what was added up is read, and an hour that changed since is not', async () => {
  const store = clickhouse.get();
  const row = (id: number, version: number) =>
    rowOf('sums_used', version, { id, user: 0, model: 0, kind: 0, cost: 5, isFailed: false });
  const load = (token: string, rows: SpanRow[]) => store.insert('spans', { ndjson: ndjson(rows), token });
  const find = () =>
    findSums(store, 'sums_used', { from: BigInt(begin) * 1_000_000n, to: BigInt(nowMs) * 1_000_000n });
  await load('used-1', [row(0, 1), row(2, 1)]);
  expect(await find()).toMatchObject({ builtHours: [], rawHours: [begin / 1000, begin / 1000 + 3_600] });
  await build();
  const built = await find();
  expect(built).toMatchObject({ builtHours: [begin / 1000, begin / 1000 + 3_600], rawHours: [] });
  // One of the day instead of the two of its hours.
  expect(built).toMatchObject({ dayBuilds: [expect.any(String)], otherBuilds: [] });
  await load('used-2', [row(2, 2)]);
  const changed = await find();
  expect(changed).toMatchObject({ builtHours: [begin / 1000], rawHours: [begin / 1000 + 3_600] });
  expect(changed).toMatchObject({ dayBuilds: [], otherBuilds: changed.builds });
  // What changed lately is left alone, until nothing changes any more.
  expect(await buildHours(store)({ settledMs: 60_000, hoursMax: 9 })).toBe(0);
  await build();
  expect((await find()).rawHours).toEqual([]);
});

test('a span that moves to another hour is counted there alone', async () => {
  const store = clickhouse.get();
  const project = 'sums_moved';
  const row = (version: number) => ({
    ...rowOf(project, version, { id: 0, user: 0, model: 0, kind: 0, cost: 5, isFailed: false }),
    source: 'langfuse' as const,
  });
  const moved = { ...row(2), started_at: timeOf(begin + hourMs), ended_at: timeOf(begin + hourMs + 1_000) };
  await store.insert('spans', { ndjson: ndjson([row(1)]), token: 'moved-1' });
  await build();
  const { trace_id, span_id } = moved;
  const part = {
    project_id: project,
    trace_id,
    span_id,
    part_at: 1,
    part_id: 'p',
    row: JSON.stringify(row(1)),
  };
  await store.insert('span_parts', { ndjson: ndjson([part]), token: 'moved-2' });
  const touched = { token: 'moved', project_id: project, what: 'part', trace_id, span_id, request_id: '' };
  await store.insert('load_touched', { ndjson: ndjson([touched]), token: 'moved-3' });
  await mergeStoredParts(store, { project_id: project, token: 'moved' }, () => moved);
  const undone = `SELECT count() AS undone FROM system.mutations
    WHERE database = currentDatabase() AND table = 'spans' AND is_done = 0 LIMIT 1`;
  await expect
    .poll(async () => (await store.rows<{ undone: string }>(undone, {}))[0]?.undone, { timeout: 10_000 })
    .toBe('0');
  // The hour that it came into may be added up, the one that it left not yet.
  await buildHours(store)({ settledMs: -60_000, hoursMax: 9 });
  const stretch = { from: BigInt(begin) * 1_000_000n, to: BigInt(nowMs) * 1_000_000n };
  expect(await findSums(store, project, stretch)).toMatchObject({
    builtHours: [begin / 1000 + 3_600],
    rawHours: [begin / 1000],
  });
  const { total } = await analyzeCalls(store)(project, { range: '7d', nowMs, limit: 5, order: 'calls' });
  expect(total.calls).toBe(1);
});

test('hours whose changes were never noted are counted as changed when the store is opened again', async () => {
  const store = clickhouse.get();
  const find = () =>
    findSums(store, 'sums_lost', { from: BigInt(begin) * 1_000_000n, to: BigInt(nowMs) * 1_000_000n });
  const row = rowOf('sums_lost', 1, { id: 0, user: 0, model: 0, kind: 0, cost: 5, isFailed: false });
  await store.insert('spans', { ndjson: ndjson([row]), token: 'lost-1' });
  await build();
  expect((await find()).builtHours).toHaveLength(1);
  const [clock] = await store.rows<{ now_ms: string }>(
    "SELECT toUnixTimestamp64Milli(now64(3, 'UTC')) AS now_ms LIMIT 1",
    {},
  );
  await noteUnnoted(store)(Number(clock?.now_ms ?? 0) + 1);
  expect(await find()).toMatchObject({ builtHours: [], rawHours: [begin / 1000] });
});
