import type { BatchSource, CallSpan } from '@app/tracing';

/** A stream of whole numbers that is the same for the same seed (mulberry32). */
function createChance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Written in the place of a number that JSON can say and JavaScript cannot hold. */
const ENDLESS = '@endless@';

const HOSTILE: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\0',
    '\u0000\u0001\u001f',
    '\ud800',
    'a\udc00b',
    '💥'.repeat(300),
    '"}',
    '\\',
    '\\u0000',
    '\n{"x":1}\n',
  ],
  ...[
    '{"$content":"x"}',
    '[1,2',
    'NaN',
    '-inf',
    '0x10',
    '1e400',
    '18446744073709551616',
    '-9223372036854775809',
    ENDLESS,
  ],
  ...[
    '1969-12-31T23:59:59Z',
    '9999-12-31T23:59:59.999999999Z',
    '-000001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
  ],
  ...['+275760-09-13T00:00:00Z', '2026-05-01T00:00:00.123456789123Z', 'x'.repeat(70_000), 'é'.repeat(5_000)],
  ...[0, -0, -1, 1.5, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, 1e20, 1e300, -1e300, 5e-324],
  ...[
    null,
    true,
    false,
    [],
    {},
    [[[[]]]],
    [null],
    [ENDLESS],
    { $content: 'x' },
    { $$content: { $content: 1 } },
  ],
  ...[
    { '': '' },
    { '\0': '\ud800' },
    { a: { b: { c: { d: [1, 'x', null] } } } },
    Array.from({ length: 300 }, () => 1e300),
  ],
];

/** So many of them are texts. */
const TEXTS = HOSTILE.findIndex((value) => typeof value !== 'string');

const time = (ms: number) => new Date(ms).toISOString();
const hex = (n: number, digits: number) => (n + 1).toString(16).padStart(digits, 'a');

/** A body that is well, of every source. */
const BODIES: {
  [source in Exclude<BatchSource, 'otlp-protobuf' | 'received'>]: (n: number, nowMs: number) => unknown;
} = {
  sdk: (n, nowMs) => ({
    sdk: { name: 'lab', version: '1' },
    dropped: { queue_full: 3 },
    spans: [
      {
        ...{ trace_id: hex(n, 32), span_id: hex(n, 16), type: 'generation', name: 'chat', outcome: 'failed' },
        ...{
          start_ms: nowMs - 50,
          end_ms: nowMs,
          provider: 'openai',
          model: 'gpt-4o',
          model_asked: 'gpt-4o',
        },
        ...{ ttft_ms: 3, stream: true, user_id: 'u', session_id: 's', tags: ['t'], finish_reason: 'stop' },
        ...{
          input: { messages: [{ role: 'user', content: 'hi' }] },
          output: { parts: [{ kind: 'text', text: 'x' }] },
        },
        ...{
          usage: { input_fresh: 3, output_text: 4 },
          metadata: { a: 1 },
          error: { status: 500, code: 'c', message: 'm' },
        },
        ...{
          prompt: { name: 'p', version: '1' },
          redactions: { EMAIL: 1 },
          service_tier: 'flex',
          request_id: 'req_12345678',
        },
      },
    ],
    scores: [{ id: `s${n}`, trace_id: hex(n, 32), name: 'good', value: 1, comment: 'c' }],
  }),
  events: (n, nowMs) => ({
    events: [
      {
        ...{
          id: `e${n}`,
          ts: nowMs - 50,
          provider: 'openai',
          model: 'gpt-4o',
          output: 'hi',
          promptHash: '0a',
        },
        ...{ input: [{ role: 'user', content: 'hello' }], inputTokens: 3, outputTokens: 4, latencyMs: 40 },
        ...{ cachedInputTokens: 1, meta: { env: 'production' }, error: 'e' },
      },
    ],
  }),
  langfuse: (n, nowMs) => ({
    metadata: { sdk_name: 'langfuse-js', sdk_version: '3' },
    batch: [
      langfuseEvent(['trace-create', n], nowMs, {
        id: hex(n, 32),
        name: 't',
        userId: 'u',
        sessionId: 's',
        tags: ['t'],
      }),
      langfuseEvent(['generation-create', n], nowMs, {
        ...{
          id: `g${n}`,
          traceId: hex(n, 32),
          name: 'g',
          model: 'gpt-4o',
          startTime: time(nowMs - 50),
          input: ['hi'],
        },
        ...{
          modelParameters: { temperature: 1 },
          promptName: 'p',
          promptVersion: 1,
          metadata: { a: 1 },
          level: 'ERROR',
        },
      }),
      langfuseEvent(['generation-update', n], nowMs + 1, {
        ...{
          id: `g${n}`,
          traceId: hex(n, 32),
          endTime: time(nowMs),
          completionStartTime: time(nowMs - 20),
          output: 'x',
        },
        ...{
          usageDetails: { input: 3, output: 4 },
          costDetails: { total: 0.1 },
          usage: { input: 3, totalCost: 1 },
        },
      }),
      langfuseEvent(['score-create', n], nowMs, {
        id: `s${n}`,
        traceId: hex(n, 32),
        name: 'n',
        value: 1,
        comment: 'c',
      }),
    ],
  }),
  'otlp-json': (n, nowMs) => ({
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': 'lab', 'telemetry.sdk.name': 'o' }) },
        scopeSpans: [
          {
            scope: { name: 'lab', version: '1' },
            spans: [
              {
                ...{
                  traceId: hex(n, 32),
                  spanId: hex(n, 16),
                  parentSpanId: hex(n + 7, 16),
                  name: 'chat',
                  kind: 3,
                },
                ...{
                  startTimeUnixNano: `${nowMs - 50}000000`,
                  endTimeUnixNano: `${nowMs}000000`,
                  traceState: 'a=b',
                },
                ...{ status: { code: 2, message: 'm' }, droppedAttributesCount: 1 },
                attributes: attributesOf(OTLP),
                events: [
                  { timeUnixNano: `${nowMs}000000`, name: 'exception', attributes: attributesOf(FAULT) },
                ],
                links: [
                  { traceId: hex(n + 3, 32), spanId: hex(n + 3, 16), attributes: attributesOf({ a: 'b' }) },
                ],
              },
            ],
          },
        ],
      },
    ],
  }),
};

const OTLP = {
  ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' },
  ...{ 'gen_ai.response.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 3, 'gen_ai.usage.output_tokens': 4 },
  ...{
    'gen_ai.request.temperature': 0.5,
    'gen_ai.response.id': 'r',
    'user.id': 'u',
    'session.id': 's',
    'llm.cost.total': 1,
  },
  ...{ 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' },
  ...{
    'http.response.status_code': 500,
    'gen_ai.response.time_to_first_chunk': 0.5,
    'tokenrouter.request_id': 'req_1',
  },
  ...{
    'langfuse.observation.completion_start_time': '2026-05-01T00:00:00Z',
    'tag.tags': 'x',
    'error.type': 'e',
  },
};
const FAULT = { 'exception.type': 'E', 'exception.message': 'm' };

function attributesOf(values: { [key: string]: string | number }) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  }));
}

/** The event's type and the number that makes its id its own. */
function langfuseEvent([type, n]: [string, number], atMs: number, body: object) {
  return { id: `${type}-${n}`, type, timestamp: time(atMs), body };
}

export type HostileBatch = { source: keyof typeof BODIES; body: Buffer };

/** The same for the same number: a body of one source of which up to four values are what nobody expects. */
export function hostileBatch(n: number, nowMs: number): HostileBatch {
  const chance = createChance(n);
  const sources = Object.keys(BODIES) as (keyof typeof BODIES)[];
  const source = sources[chance(sources.length)] ?? 'sdk';
  const body: unknown = JSON.parse(JSON.stringify(BODIES[source](n, nowMs)));
  const changes = 1 + chance(4);
  for (let change = 0; change < changes; change += 1) spoil(body, chance);
  return { source, body: Buffer.from(JSON.stringify(body).replaceAll(`"${ENDLESS}"`, '1e400')) };
}

/** The same for any value: one of the values in it is replaced. */
function spoil(root: unknown, chance: (below: number) => number): void {
  const places: { holder: object; key: string }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value, key });
      walk(Reflect.get(value, key));
    }
  };
  walk(root);
  const place = places[chance(places.length)];
  if (place !== undefined)
    Reflect.set(place.holder, place.key, structuredClone(HOSTILE[chance(HOSTILE.length)]));
}

/** The same for the same number: a call of whose texts, counts and contents some are what nobody expects. */
export function hostileCall(n: number, nowMs: number): CallSpan {
  const chance = createChance(n);
  const text = () => String(HOSTILE[chance(TEXTS)]);
  const said = {
    usage: { inputFresh: 3, outputText: 4, inputCacheRead: 1 },
    billing: { toolUses: { webSearch: 1 }, soundMs: 5 },
    request: { model: 'm', messages: [{ role: 'user', content: 'hi' }], tools: [{ name: 't' }] },
    reply: { id: 'r', model: 'm', parts: [{ kind: 'text', text: 'x' }], stop: 'end', usage: {} },
  };
  for (const part of Object.values(said)) spoil(part, chance);
  const { usage, billing, request } = JSON.parse(JSON.stringify(said).replaceAll(`"${ENDLESS}"`, '1e400'));
  const cost = { nanos: 5, label: 'exact', priceVersion: 'p' } as const;
  const told = {
    provider: 'openai',
    model: text(),
    errorCode: 'provider_failed',
    errorMessage: text(),
    usage,
    cost,
  };
  const times = { startedAtMs: nowMs - 50.25, endedAtMs: nowMs, ttftMs: 3.5 };
  return {
    ...{ requestId: `req_${n}`, traceId: hex(n, 32), spanId: hex(n, 16), parentSpanId: hex(n + 1, 16) },
    ...{ organizationId: 'org', projectId: 'hostile', keyId: 'key', mode: 'live', environment: 'production' },
    ...{
      userId: text(),
      sessionId: text(),
      route: '/v1/chat/completions',
      dialect: 'openai-chat',
      stream: true,
    },
    ...{
      modelAsked: text(),
      status: 200,
      losses: [{ path: text(), why: 'unsupported' }],
      tags: [text(), text()],
    },
    ...{ ...told, ...times, mustRedact: true },
    attempts: [
      {
        ...{ ...told, ...times, spanId: hex(n, 16), status: 200, outcome: 'failed' },
        billing: { ...billing, serviceTier: text(), geo: text() },
      },
    ],
    request: chance(2) === 0 ? text() : JSON.stringify(request),
    reply: { id: text(), model: text(), parts: [{ kind: 'text', text: text() }], stop: 'end', usage },
  };
}
