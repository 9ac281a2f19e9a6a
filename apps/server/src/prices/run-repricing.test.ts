import { randomBytes } from 'node:crypto';
import type { SpanRow } from '@app/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestRepricings } from '../../test/create-test-repricings.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { openTestTraces, type TestTraces } from '../../test/open-test-traces.ts';
import { spanRowOf } from '../../test/span-row.ts';
import { newId } from '../ids.ts';
import { createFindPrice } from './create-find-price.ts';
import { createRepricings, type Repricings, type RepricingsDeps } from './create-repricings.ts';

const ids = { nowMs: Date.now, randomBytes };
const dayMs = Date.UTC(2026, 4, 1);
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z', requestedBy: 'user_1' };
let test_: TestStore;
let traces: TestTraces;
let project: { id: string; organizationId: string };

beforeAll(async () => {
  test_ = await openTestStore();
  traces = await openTestTraces(test_.place);
}, 120_000);
afterAll(async () => {
  await traces.close();
  await test_.close();
});

async function newProject(): Promise<typeof project> {
  const { tenants } = test_.store;
  const organizationId = newId('org_', ids);
  const id = newId('proj_', ids);
  const named = { name: id, slug: id.toLowerCase().replace('_', '-'), createdAtMs: Date.now() };
  await tenants.insertOrganization({ id: organizationId, ...named });
  await tenants.insertProject(organizationId, { id, ...named, capture: 'full' as const });
  return { id, organizationId };
}

/** Calls to gpt-4o of 1,000 tokens in and 100 out, that were priced far too high; each with a refused try before. */
async function load(calls: number, more: Partial<SpanRow> = {}): Promise<void> {
  const rows = Array.from({ length: calls }, (_, n): SpanRow[] => {
    const at = new Date(dayMs + n * 60_000).toISOString();
    const shared = {
      organization_id: project.organizationId,
      project_id: project.id,
      trace_id: n.toString(16).padStart(32, '0'),
      started_at: at,
      ended_at: at,
    };
    const span_id = (n * 10).toString(16).padStart(16, '0');
    const call = spanRowOf({ ...shared, span_id, ...more });
    const tryOf = (place: number, of: Partial<SpanRow>) =>
      spanRowOf({
        ...call,
        kind: 'attempt',
        span_id: (n * 10 + place).toString(16).padStart(16, '0'),
        parent_span_id: span_id,
        ...of,
      });
    const refused = {
      outcome: 'failed',
      cost_nanos: 0,
      price_version: '',
      input_fresh: null,
      output_text: null,
    };
    return [call, tryOf(1, refused as Partial<SpanRow>), tryOf(2, {})];
  }).flat();
  const ndjson = (list: readonly object[]) =>
    Buffer.from(list.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const index = rows.map(({ project_id, trace_id, started_at, ended_at }) => ({
    project_id,
    trace_id,
    first_at: started_at,
    last_at: ended_at,
  }));
  await traces.traces.loadSegment({
    token: `${project.id}-${calls}`,
    spans: ndjson(rows),
    contents: Buffer.alloc(0),
    traceIndex: ndjson(index),
  });
}

const deps = (more: Partial<RepricingsDeps> = {}): RepricingsDeps => ({
  repricings: test_.store.repricings,
  traces: traces.traces,
  findPrice: createFindPrice({ providers: [] }),
  breathe: async () => undefined,
  isStopping: () => false,
  serverId: 'srv_1',
  ids,
  ...more,
});

/** A call's cost is 1,000 × $2.50 + 100 × $10 per million. */
const RIGHT_NANOS = 3_500_000;
const WRONG_NANOS = 9_000_000;

async function costs(): Promise<Set<string>> {
  const all = await traces.traces.listBilledCalls(project.id, {
    fromMs: dayMs,
    toMs: dayMs + 86_400_000,
    after: undefined,
    limit: 5_000,
  });
  return new Set(
    all.calls.map(({ call, attempts }) => [call, ...attempts].map(({ cost }) => cost.nanos).join(' ')),
  );
}

test('a dry run tells what would change and changes nothing; an applied one changes it; a second one finds nothing', async () => {
  project = await newProject();
  await load(30);
  const { repricings } = createTestRepricings({ store: test_.store, ids }, traces.traces);
  const dry = await repricings.run(await repricings.begin(project, { ...range, apply: false }));
  expect(dry).toMatchObject({ status: 'done', callsTotal: 30, progress: { calls: 30, changedCalls: 30 } });
  const expected = {
    status: 'done',
    calls: { done: 30, total: 30, changed: 30 },
    total: {
      before: { nanos: 30 * WRONG_NANOS, usd: '0.27' },
      after: { nanos: 30 * RIGHT_NANOS, usd: '0.105' },
      difference: { nanos: 30 * (RIGHT_NANOS - WRONG_NANOS), usd: '-0.165' },
    },
    models: [
      {
        provider: 'openai',
        model: 'gpt-4o',
        attempts: 30,
        changed: 30,
        kept: 0,
        price_versions_before: ['wrong'],
        price_versions_after: ['genai-prices 0.1.8 (2026-09-23) openai/gpt-4o'],
      },
    ],
  };
  expect(await repricings.get(project.id, dry.id)).toMatchObject({ ...expected, applied: false });
  expect(await costs()).toEqual(new Set([`${WRONG_NANOS} 0 ${WRONG_NANOS}`]));

  const applied = await repricings.run(await repricings.begin(project, { ...range, apply: true }));
  expect(await repricings.get(project.id, applied.id)).toMatchObject({ ...expected, applied: true });
  expect(await costs()).toEqual(new Set([`${RIGHT_NANOS} 0 ${RIGHT_NANOS}`]));

  const again = await repricings.run(await repricings.begin(project, { ...range, apply: true }));
  expect(again.progress).toMatchObject({ calls: 30, changedCalls: 0 });
  expect(await costs()).toEqual(new Set([`${RIGHT_NANOS} 0 ${RIGHT_NANOS}`]));
  expect((await repricings.list(project.id)).length).toBe(3);
}, 60_000);

test('the sandbox’s calls and those of other ranges and projects are left alone', async () => {
  project = await newProject();
  await load(3, { mode: 'test', cost_label: 'sandbox', cost_nanos: 0, price_version: 'sandbox' });
  const { repricings } = createTestRepricings({ store: test_.store, ids }, traces.traces);
  const done = await repricings.run(await repricings.begin(project, { ...range, apply: true }));
  expect(done).toMatchObject({ status: 'done', callsTotal: 0, progress: { calls: 0, models: [] } });
}, 60_000);

/** Fails at the given step, once, as a server that is killed there leaves things. */
function dying(step: 'listBilledCalls' | 'stageRepriced' | 'applyRepriced' | 'saveRepricing', at: number) {
  let count = 0;
  const dies =
    <Given extends unknown[], Answer>(run: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      count += 1;
      if (count === at)
        throw Object.assign(new Error('The server was killed.'), { code: 'store_unavailable' });
      return run(...given);
    };
  const { traces: real } = traces;
  const { repricings } = test_.store;
  return deps({
    traces:
      step === 'saveRepricing'
        ? real
        : { ...real, [step]: dies(real[step] as (...given: unknown[]) => Promise<unknown>) },
    repricings:
      step === 'saveRepricing'
        ? { ...repricings, saveRepricing: dies(repricings.saveRepricing) }
        : repricings,
  });
}

test.each([
  ['listBilledCalls', 2],
  ['stageRepriced', 1],
  ['saveRepricing', 1],
  ['applyRepriced', 1],
  ['saveRepricing', 2],
] as const)(
  'a server that dies at %s, time %s, leaves a re-price that another finishes, with the same report',
  async (step, at) => {
    project = await newProject();
    await load(520);
    const first: Repricings = createRepricings(dying(step, at));
    const left = await first.run(await first.begin(project, { ...range, apply: true }));
    expect(left.status).toBe('running');
    const second = createRepricings(deps({ serverId: 'srv_2' }));
    const done = await second.resume(0);
    expect(done?.id).toBe(left.id);
    expect(await second.get(project.id, left.id)).toMatchObject({
      status: 'done',
      calls: { done: 520, total: 520, changed: 520 },
      total: { before: { nanos: 520 * WRONG_NANOS }, after: { nanos: 520 * RIGHT_NANOS } },
    });
    expect(await costs()).toEqual(new Set([`${RIGHT_NANOS} 0 ${RIGHT_NANOS}`]));
    // The one that was taken over saves no more.
    expect((await first.run(left)).status).not.toBe('done');
  },
  60_000,
);

test('a server that stops leaves the rest to whoever goes on', async () => {
  project = await newProject();
  await load(510);
  let batches = 0;
  const stopping = createRepricings(
    deps({
      isStopping: () => batches > 0,
      onProgress: ({ batches: done }) => {
        batches = done;
      },
    }),
  );
  const left = await stopping.run(await stopping.begin(project, { ...range, apply: true }));
  expect(left).toMatchObject({ status: 'running', progress: { calls: 500 } });
  const done = await createRepricings(deps({ serverId: 'srv_2' })).resume(0);
  expect(done).toMatchObject({ status: 'done', progress: { calls: 510 } });
}, 60_000);

test('something that cannot be done ends as a failure that says why, and stands in nobody’s way', async () => {
  project = await newProject();
  await load(1);
  const broken = createRepricings(
    deps({
      findPrice: () => {
        throw new Error('The price list is torn.');
      },
    }),
  );
  const failed = await broken.run(await broken.begin(project, { ...range, apply: true }));
  expect(await broken.get(project.id, failed.id)).toMatchObject({
    status: 'failed',
    error: 'The price list is torn.',
  });
  expect(await broken.begin(project, { ...range, apply: true })).toMatchObject({ status: 'running' });
}, 60_000);

test('ranges that make no sense are refused, and two at once too', async () => {
  project = await newProject();
  const { repricings } = createTestRepricings({ store: test_.store, ids });
  const begin = (from: string, to?: string) =>
    repricings.begin(project, {
      from,
      ...(to === undefined ? {} : { to }),
      apply: true,
      requestedBy: undefined,
    });
  for (const [from, to] of [
    ['2026-05-02T00:00:00Z', '2026-05-01T00:00:00Z'],
    ['2026-05-01T00:00:00Z', '2026-05-01T00:00:00Z'],
    ['2999-01-01T00:00:00Z', undefined],
    ['2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ] as const) {
    await expect(begin(from, to)).rejects.toMatchObject({
      code: 'invalid_parameter',
      detail: { param: 'from' },
    });
  }
  await begin('2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z');
  await expect(begin('2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z')).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(repricings.get(project.id, 'rep_nobody')).rejects.toMatchObject({ code: 'not_found' });
});
