import type { SpanRow } from '@app/tracing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';
import { spanRowOf } from '../span-row.ts';

let server: TestManagement;
let traces: TestTraces;
let secret = '';
const nowMs = Date.now();
const content = 'Grüße aus \u0000 Zürich 🎉';
const contentDigest = 'D'.repeat(43);
const limited: Partial<SpanRow> = {
  tags: ['team:search', 'batch'],
  credential: 'cred_1',
  limit_refused: 'bud_1',
  limit_refused_name: 'Month of search',
  output_cap: 300,
  service_tier: 'flex',
  tool_uses: '{"webSearch":2}',
};

beforeAll(async () => {
  server = await openTestManagement({
    openTraces: async (postgres) => {
      traces = await openTestTraces(postgres);
      return traces;
    },
  });
  secret = (await server.keys.create(server.project, { name: 'reader', permissions: ['traces:read'] }))
    .secret;
  await load(Array.from({ length: 5 }, (_, n) => call(server.project.id, n, n === 1 ? limited : {})));
  await load([call('proj_of_others', 3, { model: 'secret-model' })]);
}, 120_000);
afterAll(() => server.close());
afterEach(() => expect(server.internalErrors).toEqual([]));

const traceIdOf = (n: number) => String(n).padStart(32, 'a');
const get = (url: string, key = secret) =>
  server.app.inject({ url, headers: { authorization: `Bearer ${key}` } });

function call(projectId: string, n: number, more: Partial<SpanRow> = {}): SpanRow {
  const startedAtMs = nowMs - 60_000 + n * 1_000;
  const time = (ms: number) => new Date(ms).toISOString().replace('Z', '000000Z');
  const failure = { status: 502, outcome: 'failed', error_code: 'provider_failed' } as const;
  return spanRowOf({
    organization_id: server.project.organizationId,
    project_id: projectId,
    trace_id: traceIdOf(n),
    span_id: String(n).padStart(16, 'b'),
    request_id: `req_${n}`,
    started_at: time(startedAtMs),
    ended_at: time(startedAtMs + 100),
    duration_us: 100_000,
    ...(n === 4 ? failure : {}),
    model: 'gpt-5',
    model_asked: 'gpt-5',
    input_fresh: 10,
    output_text: 20,
    cost_nanos: 1_000_000,
    capture: 'full',
    request: JSON.stringify({ model: 'gpt-5', messages: [{ $content: contentDigest }] }),
    content_digests: [contentDigest],
    input_preview: 'Grüße',
    ...more,
  });
}

async function load(spans: readonly SpanRow[]): Promise<void> {
  const ndjson = (rows: readonly object[]) =>
    Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const [first] = spans;
  const project_id = first?.project_id ?? '';
  const message = JSON.stringify({ role: 'user', content });
  await traces.traces.loadSegment({
    token: `segment-${project_id}`,
    spans: ndjson(spans),
    contents: ndjson([{ project_id, digest: contentDigest, content: message, stored_at: first?.started_at }]),
    traceIndex: ndjson(
      spans.map((span) => ({
        project_id,
        trace_id: span.trace_id,
        first_at: span.started_at,
        last_at: span.ended_at,
      })),
    ),
  });
}

test('a key with traces:read lists the traces of its project, newest first, page by page', async () => {
  const first = await get('/api/v1/projects/default/traces?limit=3');
  expect(first.statusCode).toBe(200);
  const second = await get(`/api/v1/projects/default/traces?limit=3&cursor=${first.json().next_cursor}`);
  const ids = [...first.json().data, ...second.json().data].map((trace) => trace.trace_id);
  expect(ids).toEqual([4, 3, 2, 1, 0].map(traceIdOf));
  expect(second.json().next_cursor).toBeNull();
  expect(first.json().data[0]).toMatchObject({
    status: 502,
    error_code: 'provider_failed',
    cost: { nanos: 1_000_000 },
  });
});

test('filters narrow the list', async () => {
  const failed = await get('/api/v1/projects/default/traces?status=error');
  expect(failed.json().data.map((trace: { trace_id: string }) => trace.trace_id)).toEqual([traceIdOf(4)]);
  expect((await get('/api/v1/projects/default/traces?model=other')).json().data).toEqual([]);
});

test.each(['tag=batch', 'tag=team%3Asearch', 'limit_id=bud_1', 'limit_id=bud_1&tag=batch'])(
  'calls are found by label and by the limit that refused them: %s',
  async (query) => {
    const { data } = (await get(`/api/v1/projects/default/traces?${query}`)).json();
    expect(data.map((trace: { trace_id: string }) => trace.trace_id)).toEqual([traceIdOf(1)]);
    expect((await get(`/api/v1/projects/default/traces?${query}x`)).json().data).toEqual([]);
  },
);

test('a trace tells its labels, what limits did, which key answered, its queue and its tools', async () => {
  expect((await get(`/api/v1/traces/${traceIdOf(1)}`)).json()).toMatchObject({
    summary: {
      tags: ['team:search', 'batch'],
      limits: {
        refused_by: { id: 'bud_1', name: 'Month of search' },
        routed_by: null,
        output_tokens_max: 300,
      },
    },
    spans: [{ credential: 'cred_1', service_tier: 'flex', geo: null, tool_uses: { web_search: 2 } }],
  });
});

test.each(['/api/v1/projects/default/traces/', '/api/v1/traces/'])(
  'a trace is read whole under %s',
  async (path) => {
    const reply = await get(`${path}${traceIdOf(2)}`);
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      trace_id: traceIdOf(2),
      request: { messages: [{ role: 'user', content }] },
      spans: [{ kind: 'call', usage: { input_fresh: 10, output_text: 20 } }],
    });
  },
);

test('a trace with the same id in another project stays there', async () => {
  const reply = await get(`/api/v1/traces/${traceIdOf(3)}`);
  expect(reply.json().summary.model).toBe('gpt-5');
  expect((await get('/api/v1/projects/proj_of_others/traces')).statusCode).toBe(404);
  expect((await get(`/api/v1/projects/proj_of_others/traces/${traceIdOf(3)}`)).statusCode).toBe(404);
});

test.each([
  [`/api/v1/traces/${'0'.repeat(32)}`, 'not_found', null],
  ['/api/v1/traces/short', 'invalid_parameter', 'trace_id'],
  [`/api/v1/traces/${'A'.repeat(32)}`, 'invalid_parameter', 'trace_id'],
  ['/api/v1/projects/default/traces?limit=1000', 'invalid_parameter', 'limit'],
  ['/api/v1/projects/default/traces?cursor=x', 'invalid_parameter', 'cursor'],
  ['/api/v1/projects/default/traces?from=yesterday', 'invalid_parameter', 'from'],
  ['/api/v1/projects/default/traces?model=a&model=b', 'invalid_parameter', 'model'],
  ['/api/v1/projects/default/overview?range=1y', 'invalid_parameter', 'range'],
])('%s answers %s', async (url, code, param) => {
  const reply = await get(url);
  expect(reply.statusCode).toBe(code === 'not_found' ? 404 : 400);
  expect(reply.json().error).toMatchObject({ code, param });
});

test('the overview counts the calls of the project alone', async () => {
  const overview = (await get('/api/v1/projects/default/overview?range=1h')).json();
  expect(overview).toMatchObject({
    spend: { now: { nanos: 5_000_000 } },
    traces: { now: 5 },
    error_rate: { now: 0.2 },
  });
  expect(overview.spend_by_model.series.map((series: { model: string }) => series.model)).toEqual(['gpt-5']);
});

test('without the trace store the answer is 503 with a time to try again, and keys still work', async () => {
  await traces.stopClickhouse();
  const reply = await get('/api/v1/projects/default/traces');
  expect(reply.statusCode).toBe(503);
  expect(reply.json().error.code).toBe('store_unavailable');
  expect(reply.headers['retry-after']).toBe('2');
  expect((await get('/api/v1/projects/default/ingest-status')).statusCode).toBe(200);
}, 60_000);
