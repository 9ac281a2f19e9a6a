import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { resolveContents } from './contents.ts';
import { mergeParts } from './merge-parts.ts';
import type { SpanRow } from './ports.ts';
import { createPriceOf, NO_PRICES } from './price-of.ts';
import { readBatch } from './received/read-batch.ts';
import type { BatchHead, BatchSource } from './received/received-span.ts';
import { buildBatchRows } from './received-rows.ts';
import { createDigestOf } from './segment-loads.ts';
import { readStoredSpan } from './stored-span.ts';

const receivedAtMs = Date.UTC(2026, 4, 1);
const contentKey = createSecretKey(Buffer.alloc(32, 1));
const priceOf = createPriceOf(NO_PRICES);

function rowsOf(batchSource: BatchSource, body: unknown, changes: Partial<BatchHead> = {}) {
  const head: BatchHead = {
    ...{ kind: 'batch', batchSource, receivedAtMs, organizationId: 'org', projectId: 'proj', keyId: 'key' },
    ...{ mode: 'live', environment: 'production', capture: 'full', ...changes },
  };
  const batch = readBatch(batchSource, Buffer.from(JSON.stringify(body)), head);
  const deps = { digestOf: createDigestOf(contentKey, 'proj'), priceOf, shared: new Map() };
  return { batch, ...buildBatchRows(batch, head, deps) };
}

const otlp = (spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const chat = (number: number, attributes: { [key: string]: string | number }) => ({
  traceId: 'a'.repeat(32),
  spanId: number.toString(16).padStart(16, '0'),
  name: 'chat gpt-4o',
  kind: 3,
  startTimeUnixNano: `${receivedAtMs + number}000000`,
  endTimeUnixNano: `${receivedAtMs + number + 5}000000`,
  attributes: Object.entries({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    ...attributes,
  }).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  })),
});
const sdkSpan = {
  ...{ trace_id: 'b'.repeat(32), span_id: 'b'.repeat(16), type: 'generation', name: 'chat', outcome: 'ok' },
  ...{ start_ms: receivedAtMs, end_ms: receivedAtMs + 5, provider: 'openai', model: 'gpt-4o' },
};
const sdk = (spans: object[], more: object = {}) => ({
  sdk: { name: 'tokentrace', version: '1' },
  spans,
  ...more,
});

test('a span of OpenTelemetry is stored as it came, to the letter, and priced by our own table', () => {
  const messages = [{ role: 'user', parts: [{ type: 'text', content: `${'what? '.repeat(60)}"\\\n😀` }] }];
  const span = chat(1, {
    'gen_ai.usage.input_tokens': 1_000,
    'gen_ai.usage.output_tokens': 100,
    'gen_ai.input.messages': JSON.stringify(messages),
    $content: 'mine',
    note: 'x'.repeat(500),
  });
  const { batch, received } = rowsOf('otlp-json', otlp([span]));
  const [{ row, contents } = { row: undefined, contents: [] }] = received;
  expect(row).toMatchObject({
    ...{ kind: 'call', source: 'otlp', provider: 'openai', model_asked: 'gpt-4o', input_fresh: 1_000 },
    ...{ cost_nanos: 3_500_000, cost_label: 'exact', environment: 'production', capture: 'full' },
  });
  expect(row?.input_preview).toContain('what? what?');
  const stored = new Map(contents.map(({ digest, content }) => [digest, content]));
  expect([...stored.keys()].toSorted()).toEqual(row?.content_digests?.toSorted());
  const text = resolveContents(row?.attributes ?? '', (digest) => stored.get(digest));
  const { traceId, spanId, parentSpanId, startedAtMs, endedAtMs } = batch.spans[0] ?? {};
  if (traceId === undefined || spanId === undefined || parentSpanId === undefined)
    throw new Error('No span.');
  const place = { traceId, spanId, parentSpanId, startedAtMs: startedAtMs ?? 0, endedAtMs: endedAtMs ?? 0 };
  expect(readStoredSpan(place, JSON.parse(text))).toEqual(batch.spans[0]);
});

test('an agent of 100 turns is stored at least 10 times smaller than the JSON that was sent', () => {
  const history: object[] = [];
  const spans: object[] = [];
  for (let turn = 1; turn <= 100; turn += 1) {
    for (const role of ['user', 'assistant'])
      history.push({
        role,
        parts: [{ type: 'text', content: `${role} ${turn} ${'says a lot '.repeat(60)}` }],
      });
    spans.push(chat(turn, { 'gen_ai.input.messages': JSON.stringify(history) }));
  }
  const body = otlp(spans);
  const { received } = rowsOf('otlp-json', body);
  const contents = new Map(
    received.flatMap((each) => each.contents.map(({ digest, content }) => [digest, content])),
  );
  const rows = received.reduce((sum, { row }) => sum + (row.attributes ?? '').length, 0);
  const pieces = [...contents.values()].reduce((sum, content) => sum + content.length, 0);
  expect(JSON.stringify(body).length / (rows + pieces)).toBeGreaterThan(10);
});

test('the same batch gives the same rows, and what one span says of its trace holds for the others', () => {
  const body = sdk([
    { ...sdkSpan, user_id: 'ada', tags: ['blue'] },
    { ...sdkSpan, span_id: 'c'.repeat(16) },
  ]);
  const rows = rowsOf('sdk', body).received.map(({ row }) => row);
  expect(rows).toEqual(rowsOf('sdk', body).received.map(({ row }) => row));
  expect(rows).toMatchObject([
    { user_id: 'ada', tags: ['blue'] },
    { user_id: 'ada', tags: ['blue'] },
  ]);
});

test('usage that cannot be is an estimate of 0, unknown names are kept, and a test key costs nothing', () => {
  const usage = { input_fresh: -5, output_text: 10, thought_later: 3 };
  const span = sdk([{ ...sdkSpan, usage }]);
  const [live] = rowsOf('sdk', span).received;
  expect(live?.row).toMatchObject({
    input_fresh: 0,
    output_text: 10,
    cost_nanos: 100_000,
    cost_label: 'estimated',
  });
  expect(JSON.parse(live?.row.attributes ?? '')).toEqual({ usage: { thought_later: 3 } });
  const [test] = rowsOf('sdk', span, { mode: 'test' }).received;
  expect(test?.row).toMatchObject({ cost_nanos: 0, cost_label: 'sandbox' });
});

test('what nobody can have paid is no cost, so that a sum of many can be stored', () => {
  const paid = (usd: number) =>
    rowsOf('otlp-json', otlp([chat(1, { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.cost': String(usd) })]))
      .received[0]?.row.given_cost_nanos ?? null;
  expect([0.25, 99_999, 100_001, 1e30].map(paid)).toEqual([250_000_000, 99_999_000_000_000, null, null]);
});

test('events of the first SDK are calls whose ids follow from their own, with cached tokens counted once', () => {
  const event = {
    ...{ id: 'evt-1', ts: new Date(receivedAtMs).toISOString(), provider: 'openai', model: 'gpt-4o' },
    ...{ input: [{ role: 'user', content: 'hello' }], output: 'hi', inputTokens: 100, cachedInputTokens: 40 },
    ...{ outputTokens: 10, latencyMs: 250, promptHash: 'abc', meta: { promptId: 'greet', userId: 'ada' } },
  };
  const { received } = rowsOf('events', { events: [event] });
  expect(received[0]?.row).toMatchObject({
    ...{ source: 'events', kind: 'call', input_fresh: 60, input_cache_read: 40, output_text: 10 },
    ...{
      duration_us: 250_000,
      prompt_name: 'greet',
      user_id: 'ada',
      input_preview: 'hello',
      output_preview: 'hi',
    },
  });
  expect(rowsOf('events', { events: [event] }).received[0]?.row.span_id).toBe(received[0]?.row.span_id);
});

test('what a sender lost and what was refused is counted, and scores keep their kind', () => {
  const scores = [true, 'good', 0.5].map((value, place) => ({ id: `s${place}`, name: 'n', value }));
  const { losses, scores: rows } = rowsOf('sdk', sdk([{}], { dropped: { queue_full: 3 }, scores }));
  expect(losses).toMatchObject([
    { reason: 'queue_full', spans: 3, sdk: 'tokentrace/1' },
    { reason: 'refused', spans: 1 },
  ]);
  expect(rows.map(({ value, text_value }) => [value, text_value])).toEqual([
    [1, 'true'],
    [null, 'good'],
    [0.5, ''],
  ]);
});

const event = (type: string, atMs: number, body: object) => ({
  ...{ id: `${type}-${atMs}`, type, timestamp: new Date(receivedAtMs + atMs).toISOString(), body },
});
const langfuse = [
  event('trace-create', 0, {
    id: '0b6e4c1e-8a53-4a8e-9d3c-0242ac120002',
    name: 'ask',
    userId: 'ada',
    sessionId: 's',
  }),
  event('generation-create', 1, {
    ...{ id: 'gen', traceId: '0b6e4c1e-8a53-4a8e-9d3c-0242ac120002', name: 'llm', model: 'gpt-4o' },
    ...{
      input: [{ role: 'user', content: 'hello' }],
      startTime: new Date(receivedAtMs + 1).toISOString(),
      metadata: { a: 1 },
    },
  }),
  event('generation-update', 9, {
    ...{ id: 'gen', traceId: '0b6e4c1e-8a53-4a8e-9d3c-0242ac120002', output: 'hi', metadata: { b: 2 } },
    ...{
      usageDetails: { input: 1_000, output: 0, odd: 1 },
      endTime: new Date(receivedAtMs + 8).toISOString(),
    },
    costDetails: { total: 0.25 },
  }),
];

function mergedRows(events: object[]): SpanRow[] {
  const { received } = rowsOf('langfuse', { batch: events });
  const bySpan = Map.groupBy(
    received.flatMap(({ part }) => part ?? []),
    ({ span_id }) => span_id,
  );
  return [...bySpan.values()].flatMap((parts) => mergeParts(parts, priceOf) ?? []);
}

test("Langfuse's events of one observation are one span, whichever comes first", () => {
  const [root, generation] = mergedRows(langfuse);
  expect(root).toMatchObject({
    name: 'ask',
    trace_name: 'ask',
    user_id: 'ada',
    parent_span_id: '',
    kind: 'step',
  });
  expect(generation).toMatchObject({
    ...{ name: 'llm', type: 'generation', kind: 'call', model: 'gpt-4o', duration_us: 7_000 },
    ...{ trace_id: '0b6e4c1e8a534a8e9d3c0242ac120002', parent_span_id: root?.span_id, input_fresh: 1_000 },
    ...{ input_preview: 'hello', output_preview: 'hi', given_cost_nanos: 250_000_000 },
  });
  expect(JSON.parse(generation?.attributes ?? '')).toMatchObject({ metadata: { a: 1, b: 2 } });
  const byId = (rows: SpanRow[]) => rows.toSorted((a, b) => (a.span_id < b.span_id ? -1 : 1));
  expect(byId(mergedRows(langfuse.toReversed()))).toEqual(byId(mergedRows(langfuse)));
});

test("Langfuse's first token and settings are kept, in whichever part they come and whatever the request is", () => {
  const began = new Date(receivedAtMs + 1).toISOString();
  const mergedOf = (create: object, update: object) => {
    const traceId = 'c'.repeat(32);
    const [first, second] = [
      event('generation-create', 1, { id: 'g', traceId, startTime: began, ...create }),
      event('generation-update', 9, { id: 'g', traceId, ...update }),
    ];
    const [row] = mergedRows([first, second].filter((each) => each !== undefined));
    expect(mergedRows([second, first].filter((each) => each !== undefined))[0]).toEqual(row);
    return row;
  };
  const modelParameters = { temperature: 0.5, maxTokens: 200 };
  const firstAt = { completionStartTime: new Date(receivedAtMs + 6).toISOString() };
  const input = [{ role: 'user', content: 'hello' }];
  for (const row of [
    mergedOf({ input, modelParameters, ...firstAt }, {}),
    mergedOf({ input }, { modelParameters, ...firstAt }),
  ]) {
    expect(row).toMatchObject({ ttft_us: 5_000, stream: true, input_preview: 'hello' });
    expect(row).not.toHaveProperty('first_at_us');
    const { messages, ...settings } = JSON.parse(row?.request ?? '');
    expect(settings).toEqual(modelParameters);
    expect(messages).toEqual([{ $content: expect.any(String) }]);
  }
  const requestOf = (create: object) => JSON.parse(mergedOf(create, { modelParameters })?.request ?? '');
  expect(requestOf({})).toEqual(modelParameters);
  expect(requestOf({ input: 'hello' })).toEqual({ input: 'hello', ...modelParameters });
  expect(requestOf({ input: { prompt: 'x', temperature: 0.9 } })).toMatchObject({
    temperature: 0.9,
    maxTokens: 200,
  });
  // A reply cannot begin before its call.
  const early = { completionStartTime: new Date(receivedAtMs - 6).toISOString() };
  expect(mergedOf({}, early)?.ttft_us).toBeNull();
});

test('what was taken out of the parts of a span is added up', () => {
  const { received } = rowsOf('langfuse', { batch: langfuse });
  const parts = received
    .flatMap(({ part }) => part ?? [])
    .filter(({ row }) => row.includes('"llm"') || row.includes('"hi"'));
  const counted = parts.map((part, n) => ({
    ...part,
    row: JSON.stringify({
      ...JSON.parse(part.row),
      redactions: JSON.stringify(n === 0 ? { EMAIL: 2 } : { EMAIL: 1, IP: 1 }),
    }),
  }));
  expect(mergeParts(counted, priceOf)?.redactions).toBe('{"EMAIL":3,"IP":1}');
});

test('no span that is sent is a later version of one that the gateway wrote itself', () => {
  // Years ago the gateway wrote what a sender, whose clock is a day ahead, gives the same ids today.
  const gatewayVersion = Date.UTC(2024, 0, 1);
  const endMs = receivedAtMs + 86_000_000;
  const { received } = rowsOf('sdk', sdk([{ ...sdkSpan, end_ms: endMs }]));
  const [later] = rowsOf('sdk', sdk([{ ...sdkSpan, end_ms: endMs + 1 }])).received;
  const [merged] = mergedRows([event('generation-create', 86_000_000, { id: 'b'.repeat(16) })]);
  for (const row of [received[0]?.row, merged]) expect(row?.version).toBeLessThan(gatewayVersion);
  expect(later?.row.version).toBeGreaterThan(received[0]?.row.version ?? Infinity);
});

test('no number that a sender makes up is one that a column cannot hold', () => {
  const usage = { input_fresh: Number.MAX_SAFE_INTEGER, output_text: 5 };
  const huge = rowsOf('sdk', sdk([{ ...sdkSpan, ttft_ms: 1e20, usage }])).received[0]?.row;
  expect(huge).toMatchObject({ ttft_us: Number.MAX_SAFE_INTEGER, input_fresh: 0, output_text: 5 });
  expect(huge).toMatchObject({ usage_estimated: true });
  expect(Number.isSafeInteger(huge?.cost_nanos)).toBe(true);
  const [, merged] = mergedRows([
    ...langfuse.slice(0, 2),
    event('generation-update', 9, {
      ...{
        id: 'gen',
        traceId: '0b6e4c1e-8a53-4a8e-9d3c-0242ac120002',
        usageDetails: { input: 1e300, output: 5 },
      },
    }),
  ]);
  expect(merged).toMatchObject({ input_fresh: 0, output_text: 5, usage_estimated: true });
});

test('a score is as old as a date can be stored, whatever its sender says', () => {
  for (const timestamp of [-6e13, -1e300]) {
    const score = { id: 's', type: 'score-create', timestamp, body: { traceId: 't', name: 'n', value: 1 } };
    expect(rowsOf('langfuse', { batch: [score] }).scores[0]?.at).toBe('1970-01-01T00:00:00.000Z');
  }
  const late = { id: 's', name: 'n', value: 1, at_ms: Date.UTC(9998, 0) };
  expect(rowsOf('sdk', sdk([], { scores: [late] })).scores[0]?.at).toBe('2026-05-02T00:00:00.000Z');
});

test('half a surrogate pair in a part of a span is no text in its row', () => {
  const [row] = mergedRows([event('span-create', 1, { id: 'b'.repeat(16), name: 'a\ud800b' })]);
  expect(row?.name).toBe('a\ufffdb');
});
