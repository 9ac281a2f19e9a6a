import type { SpanRow } from '@app/tracing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../open-test-management.ts';
import { openTestTraces, type TestTraces } from '../open-test-traces.ts';

let server: TestManagement;
let traces: TestTraces;
let secret = '';
const nowMs = Date.now();
const content = 'Grüße aus \u0000 Zürich 🎉';
const contentDigest = 'D'.repeat(43);

beforeAll(async () => {
  server = await openTestManagement({
    openTraces: async (postgres) => {
      traces = await openTestTraces(postgres);
      return traces;
    },
  });
  secret = (await server.keys.create(server.project, { name: 'reader', permissions: ['traces:read'] }))
    .secret;
  await load(Array.from({ length: 5 }, (_, n) => call(server.project.id, n)));
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
  return {
    organization_id: server.project.organizationId,
    project_id: projectId,
    trace_id: traceIdOf(n),
    span_id: String(n).padStart(16, 'b'),
    parent_span_id: '',
    version: 1,
    kind: 'call',
    name: 'POST /v1/chat/completions',
    request_id: `req_${n}`,
    key_id: 'key_1',
    mode: 'live',
    environment: 'production',
    user_id: '',
    route: '/v1/chat/completions',
    dialect: 'openai-chat',
    stream: false,
    started_at: time(startedAtMs),
    ended_at: time(startedAtMs + 100),
    duration_us: 100_000,
    ttft_us: null,
    status: n === 4 ? 502 : 200,
    outcome: n === 4 ? 'failed' : 'ok',
    error_code: n === 4 ? 'provider_failed' : '',
    error_message: '',
    provider: 'openai',
    model: 'gpt-5',
    model_asked: 'gpt-5',
    input_fresh: 10,
    input_cache_read: null,
    input_cache_read_audio: null,
    input_cache_read_image: null,
    service_tier: '',
    geo: '',
    tool_uses: '',
    sound_ms: null,
    usage_estimated: false,
    input_cache_write: null,
    input_cache_write_1h: null,
    input_audio: null,
    input_image: null,
    output_text: 20,
    output_thinking: null,
    output_audio: null,
    output_image: null,
    cost_nanos: 1_000_000,
    cost_label: 'exact',
    price_version: 'table',
    losses: '[]',
    capture: 'full',
    request: JSON.stringify({ model: 'gpt-5', messages: [{ $content: contentDigest }] }),
    reply: '',
    content_digests: [contentDigest],
    input_preview: 'Grüße',
    output_preview: '',
    ...more,
  };
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
