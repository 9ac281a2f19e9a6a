import { SpanDetails, TraceTree } from '@app/contract';
import { createProjectRedactors, type SpanRow } from '@app/tracing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';
import { spanRowOf } from '../span-row.ts';

let server: TestManagement;
let traces: TestTraces;
const secrets = { reader: '', judge: '' };
const nowMs = Date.now();
const traceId = 'c'.repeat(32);
const spanId = (n: number) => String(n).padStart(16, 'd');

beforeAll(async () => {
  server = await openTestManagement({
    openTraces: async (postgres) => {
      traces = await openTestTraces(postgres);
      return traces;
    },
  });
  const make = async (name: string, permission: 'traces:read' | 'traces:write') =>
    (await server.keys.create(server.project, { name, permissions: [permission] })).secret;
  secrets.reader = await make('reader', 'traces:read');
  secrets.judge = await make('judge', 'traces:write');
  await load([
    span(0, { kind: 'step', type: 'agent', name: 'plan', cost_nanos: 0 }),
    span(1, {
      parent_span_id: spanId(0),
      attributes: JSON.stringify({
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"wohin?"}]}]',
          'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Rom"}]}]',
        },
        resource: { 'service.name': 'planner' },
        scope: { name: 'tracer', version: '1' },
        name: 'chat gpt-4o',
        statusCode: 1,
        statusMessage: '',
      }),
    }),
  ]);
}, 120_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const base = '/api/v1/projects/default';
const get = (path: string, key = secrets.reader) =>
  server.app.inject({ url: `${base}${path}`, headers: { authorization: `Bearer ${key}` } });

function span(n: number, more: Partial<SpanRow>): SpanRow {
  const time = (ms: number) => new Date(ms).toISOString().replace('Z', '000000Z');
  return spanRowOf({
    organization_id: server.project.organizationId,
    project_id: server.project.id,
    trace_id: traceId,
    span_id: spanId(n),
    source: 'otlp',
    started_at: time(nowMs - 60_000 + n),
    ended_at: time(nowMs - 59_000 + n),
    duration_us: 1_000_000,
    provider: 'openai',
    model: 'gpt-4o',
    user_id: 'ann',
    session_id: 'chat',
    prompt_name: n === 1 ? 'planner' : '',
    input_fresh: n === 1 ? 1_000 : null,
    output_text: n === 1 ? 100 : null,
    cost_nanos: 1,
    capture: 'full',
    ...more,
  });
}

async function load(spans: readonly SpanRow[]): Promise<void> {
  const ndjson = (rows: readonly object[]) =>
    Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await traces.traces.loadSegment({
    token: 'questions',
    spans: ndjson(spans),
    contents: Buffer.alloc(0),
    traceIndex: ndjson(
      spans.map(({ project_id, trace_id, started_at, ended_at }) => ({
        project_id,
        trace_id,
        first_at: started_at,
        last_at: ended_at,
      })),
    ),
  });
}

test('the tree of a trace has every span, and a span what its attributes say was asked and answered', async () => {
  const tree = TraceTree.parse((await get(`/traces/${traceId}/spans`)).json());
  expect(tree).toMatchObject({ name: 'plan', span_count: 2, cost: { nanos: 1 }, user_id: 'ann' });
  const details = SpanDetails.parse((await get(`/traces/${traceId}/spans/${spanId(1)}`)).json());
  expect(JSON.stringify(details.request)).toContain('wohin?');
  expect(JSON.stringify(details.reply)).toContain('Rom');
  expect(details.attributes).toMatchObject({ resource: { 'service.name': 'planner' } });
  expect(details.evidence).toMatchObject({ lines: [], note: expect.stringContaining('price table of now') });
  const step = (await get(`/traces/${traceId}/spans/${spanId(0)}`)).json();
  expect(step.evidence.note).toContain('no call of a model');
});

test.each([
  [`/traces/${'0'.repeat(32)}/spans`, 404, null],
  [`/traces/${traceId}/spans/${'0'.repeat(16)}`, 404, null],
  ['/traces?filter=modell:x', 400, 'filter'],
  ['/sessions?filter=(', 400, 'filter'],
  ['/users?cursor=x', 400, 'cursor'],
  ['/prompts/name:unknown', 404, null],
  ['/analysis?by=colour', 400, 'by.0'],
  ['/analysis?by=model,provider,key_id,user_id', 400, 'by'],
])('%s answers %i', async (path, status, param) => {
  const reply = await get(path);
  expect(reply.statusCode).toBe(status);
  expect(reply.json().error.param ?? null).toBe(param);
});

test('a filter stands in the address, and its fault names the place and the remedy', async () => {
  const found = await get(`/traces?of=traces&filter=${encodeURIComponent('user:ann type:agent')}`);
  expect(found.json().data).toMatchObject([{ trace_id: traceId, span_count: 2, name: 'plan' }]);
  const fault = (await get('/traces?filter=modell:x')).json().error;
  expect(fault.message).toBe('At character 1: There is no field "modell". Is "model" meant?');
});

test('sessions, users, prompts and analyses count the call and nothing else', async () => {
  for (const path of ['/sessions', '/users', '/prompts']) {
    expect((await get(path)).json().data, path).toMatchObject([{ calls: 1, cost: { nanos: 1 } }]);
  }
  expect((await get('/prompts/name:planner')).json().prompt).toMatchObject({ name: 'planner', calls: 1 });
  const analysis = (await get('/analysis?by=model,type&measures=calls,cost&series=calls')).json();
  expect(analysis.groups).toMatchObject([
    { keys: { model: 'gpt-4o', type: 'generation' }, measures: { calls: 1 } },
  ]);
  expect((await get('/overview?range=1h')).json().traces.now).toBe(1);
});

test('a score is given with traces:write, shown with the trace, and taken back', async () => {
  const post = (payload: object, key: string) =>
    server.app.inject({
      method: 'POST',
      url: `${base}/scores`,
      headers: { authorization: `Bearer ${key}` },
      payload,
    });
  expect((await post({ trace_id: traceId, name: 'helpful', value: 1 }, secrets.reader)).statusCode).toBe(403);
  expect((await post({ name: 'helpful', value: 1 }, secrets.judge)).json().error.param).toBe('trace_id');
  const made = await post(
    { trace_id: traceId, name: 'helpful', value: true, comment: 'fine' },
    secrets.judge,
  );
  expect(made.statusCode).toBe(201);
  expect(made.json()).toMatchObject({ value: true, source: 'api', author: 'judge', comment: 'fine' });
  expect((await get(`/traces/${traceId}/spans`)).json().scores).toMatchObject([{ id: made.json().id }]);
  expect((await get('/traces?filter=score.helpful:true')).json().data).toHaveLength(1);
  const remove = () =>
    server.app.inject({
      method: 'DELETE',
      url: `${base}/scores/${made.json().id}`,
      headers: { authorization: `Bearer ${secrets.judge}` },
    });
  expect((await remove()).statusCode).toBe(200);
  expect((await remove()).statusCode).toBe(404);
  expect((await get('/scores')).json().data).toEqual([]);
});

test('a score says no more than one that is sent with spans: no address where a project redacts, no comment under metadata', async () => {
  const told = 'Ask ada@example.com about 4111 1111 1111 1111.';
  const payload = { session_id: 'ada@example.com', name: 'by eve@example.com', value: told, comment: told };
  const { updateProject } = server.test.store.tenants;
  const shown: { [capture: string]: { comment: string | null; session_id: string } } = {};
  for (const capture of ['redacted', 'metadata', 'full'] as const) {
    await updateProject(server.project.id, { capture });
    const made = await server.app.inject({
      ...{ method: 'POST', url: `${base}/scores`, headers: { authorization: `Bearer ${secrets.judge}` } },
      payload: capture === 'metadata' ? { ...payload, value: 1 } : payload,
    });
    expect(made.statusCode).toBe(201);
    shown[capture] = made.json();
  }
  expect(shown.redacted).toMatchObject({
    ...{ value: 'Ask [EMAIL_1] about [CARD_1].', comment: 'Ask [EMAIL_1] about [CARD_1].' },
    ...{ name: expect.stringMatching(/^by \[EMAIL_[0-9a-f]{12}\]$/) },
    session_id: createProjectRedactors(Buffer.alloc(32, 1))(server.project.id)
      .names.begin()
      .text('ada@example.com'),
  });
  expect(shown.metadata?.comment).toBeNull();
  expect(shown.full).toMatchObject({ value: told, comment: told, session_id: 'ada@example.com' });
  const [, , stored] = (await get('/scores')).json().data;
  expect(stored).toEqual(shown.redacted);
});
