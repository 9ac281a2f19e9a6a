import type { SpanRow } from '@app/tracing';
import { createPriceOf, NO_PRICES } from '@app/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newProject } from '../../test/open-data-lab.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { openTestTraces, type TestTraces } from '../../test/open-test-traces.ts';
import { createRemappings } from './create-remappings.ts';

const atMs = Date.UTC(2026, 4, 1);
let shared: TestStore;
let traces: TestTraces;

beforeAll(async () => {
  shared = await openTestStore();
  traces = await openTestTraces(shared.place);
}, 60_000);
afterAll(async () => {
  await traces?.close();
  await shared?.close();
});

/** A row that an older mapping left empty. */
function oldRow(project: { id: string; organizationId: string }, place: number): Partial<SpanRow> {
  const at = new Date(atMs + place).toISOString();
  return {
    ...{ organization_id: project.organizationId, project_id: project.id, trace_id: 'a'.repeat(32) },
    ...{
      span_id: place.toString(16).padStart(16, '0'),
      version: 7,
      kind: 'step',
      source: 'otlp',
      type: 'span',
    },
    ...{
      started_at: at,
      ended_at: at,
      capture: 'full',
      mode: 'live',
      environment: 'production',
      user_id: 'ada',
    },
    mapping_version: 0,
    attributes: JSON.stringify({
      attributes: {
        ...{
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o',
        },
        'gen_ai.usage.input_tokens': 1_000,
      },
      ...{
        resource: {},
        scope: { name: '', version: '' },
        name: 'chat gpt-4o',
        statusCode: 0,
        statusMessage: '',
      },
    }),
  };
}

const ndjson = (rows: object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

test('spans of an older mapping are filled anew from what was received, and a second time there is nothing to do', async () => {
  const project = await newProject(shared);
  const rows = Array.from({ length: 150 }, (_, place) => oldRow(project, place + 1));
  await traces.traces.loadSegment({
    ...{ token: 'old-rows', spans: ndjson(rows), contents: Buffer.alloc(0) },
    traceIndex: ndjson([
      {
        ...{ project_id: project.id, trace_id: 'a'.repeat(32) },
        ...{ first_at: new Date(atMs).toISOString(), last_at: new Date(atMs + 1_000).toISOString() },
      },
    ]),
  });
  const remappings = createRemappings({
    remappings: shared.store.remappings,
    traces: traces.traces,
    digestOf: () => (content) => content.slice(0, 43),
    priceOf: createPriceOf(NO_PRICES),
    breathe: async () => undefined,
    isStopping: () => false,
    serverId: 'srv_1',
    ids: { nowMs: () => atMs + 3_600_000, randomBytes: (size) => crypto.getRandomValues(Buffer.alloc(size)) },
  });
  const run = async (dry_run: boolean) => {
    const asked = { from: new Date(atMs).toISOString(), dry_run, force: false, requestedBy: undefined };
    return remappings.run(await remappings.begin(project, asked));
  };
  const progress = { spans: 150, changed: 150, lost: 0, isOver: true };
  expect(await run(true)).toMatchObject({ status: 'done', spansTotal: 150, progress });
  expect(await run(false)).toMatchObject({ status: 'done', spansTotal: 150, progress });
  expect(await run(false)).toMatchObject({
    status: 'done',
    spansTotal: 0,
    progress: { spans: 0, changed: 0 },
  });
  const found = await traces.traces.findSpan(project.id, 'a'.repeat(32), '1'.padStart(16, '0'));
  expect(found).toMatchObject({
    span: { kind: 'call', type: 'generation', model_asked: 'gpt-4o', user_id: 'ada', mapping_version: 1 },
    billed: { cost: { nanos: 2_500_000, label: 'exact' } },
  });
});
