import { IngestBatch, IngestScore, IngestSpan } from '@app/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { otlpBodies, type SampleValue } from '../../test/otlp-bodies.ts';
import { BatchError } from './batch-error.ts';
import { readBatch } from './read-batch.ts';
import type { BatchSource } from './received-span.ts';

const receivedAtMs = Date.UTC(2026, 4, 1);
const arrival = { receivedAtMs, mode: 'live' } as const;
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const SOURCES: BatchSource[] = ['otlp-json', 'otlp-protobuf', 'sdk', 'events', 'langfuse'];
const settings = { seed: 7, numRuns: 300 };

/** What a reader says of bytes: a batch, or the message of a BatchError. Anything else that is thrown fails. */
function outcomeOf(source: BatchSource, bytes: Uint8Array) {
  try {
    return readBatch(source, bytes, arrival);
  } catch (error) {
    if (error instanceof BatchError) return error.message;
    throw error;
  }
}

describe.each(SOURCES)('bytes said to be %s', (source) => {
  test('are read or refused with a message, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(outcomeOf(source, bytes)).toBeDefined();
      }),
      settings,
    );
  });

  test('that are JSON of any shape are read or refused with a message', () => {
    const shapes = fc.oneof(
      fc.jsonValue(),
      fc.record({
        resourceSpans: fc.jsonValue(),
        batch: fc.array(fc.jsonValue()),
        events: fc.array(fc.jsonValue()),
      }),
      fc.record({ sdk: fc.constant({ name: 'x', version: '1' }), spans: fc.array(fc.jsonValue()) }),
    );
    fc.assert(
      fc.property(shapes, (value) => {
        expect(outcomeOf(source, json(value))).toBeDefined();
      }),
      settings,
    );
  });
});

const value: fc.Arbitrary<SampleValue> = fc.letrec<{ value: SampleValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }).map((text) => ({ kind: 'text' as const, text })),
    fc.maxSafeInteger().map((number) => ({ kind: 'whole' as const, number })),
    fc
      .double({ noDefaultInfinity: true, noNaN: true })
      .map((number) => ({ kind: 'fraction' as const, number })),
    fc.boolean().map((truth) => ({ kind: 'truth' as const, truth })),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ kind: 'bytes' as const, bytes })),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => ({ kind: 'list' as const, items })),
    fc
      .array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 })
      .map((fields) => ({ kind: 'object' as const, fields })),
  ),
})).value;

const hex = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .filter((id) => !/^0+$/.test(id));

const sample = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: fc.oneof(hex(8), fc.constant('')),
  name: fc.string(),
  startNanos: fc.bigInt({
    min: BigInt(receivedAtMs - 1_000) * 1_000_000n,
    max: BigInt(receivedAtMs) * 1_000_000n,
  }),
  durationNanos: fc.bigInt({ min: 0n, max: 1_000_000_000n }),
  status: fc.constantFrom(0, 1, 2),
  kind: fc.constantFrom(0, 1, 2, 3, 4, 5),
  attributes: fc.array(fc.tuple(fc.string(), value), { maxLength: 5 }),
  eventNames: fc.array(fc.string(), { maxLength: 2 }),
  links: fc.array(fc.tuple(hex(16), hex(8)), { maxLength: 2 }),
});

describe('OpenTelemetry', () => {
  test('gives the same spans in JSON and in protobuf', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 4 }),
        fc.array(fc.tuple(fc.string(), value)),
        (spans, resource) => {
          const { asJson, asProtobuf } = otlpBodies(spans, resource);
          const batch = readBatch('otlp-json', asJson, arrival);
          expect(batch).toEqual(readBatch('otlp-protobuf', asProtobuf, arrival));
          expect(batch.rejected).toEqual([]);
          expect(batch.spans).toHaveLength(spans.length);
        },
      ),
      settings,
    );
  });

  test('cut anywhere in protobuf is refused or read, never worse', () => {
    const { asProtobuf } = otlpBodies(fc.sample(sample, { seed: 3, numRuns: 3 }), []);
    for (let length = 0; length < asProtobuf.length; length += 1)
      expect(outcomeOf('otlp-protobuf', asProtobuf.subarray(0, length))).toBeDefined();
  });

  test('loses one span that is wrong and no other, and says which and why', () => {
    const span = (spanId: string, more: object = {}) => ({
      ...{ traceId: 'a'.repeat(32), spanId, name: 'x', startTimeUnixNano: `${receivedAtMs}000000` },
      ...more,
    });
    const deep = (levels: number): object =>
      levels === 0 ? { stringValue: '' } : { arrayValue: { values: [deep(levels - 1)] } };
    const spans = [
      span('1'.repeat(16)),
      span('2'.repeat(15)),
      span('3'.repeat(16), { startTimeUnixNano: '12' }),
      span('4'.repeat(16), { attributes: [{ key: 'k', value: { intValue: 'many' } }] }),
      span('5'.repeat(16), { attributes: [{ key: 'k', value: deep(40) }] }),
      span('6'.repeat(16)),
    ];
    const batch = readBatch('otlp-json', json({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), arrival);
    expect(batch.spans.map(({ spanId }) => spanId)).toEqual(['1'.repeat(16), '6'.repeat(16)]);
    expect(batch.rejected).toMatchObject([
      { index: 1, id: '2'.repeat(15), reason: expect.stringContaining('spanId') },
      { index: 2, id: '3'.repeat(16), reason: expect.stringContaining('startTimeUnixNano') },
      { index: 3, id: '4'.repeat(16), reason: expect.stringContaining('intValue') },
      { index: 4, id: '5'.repeat(16), reason: expect.stringContaining('nested') },
    ]);
  });

  test('is read in snake_case, with enums by name and ids in base64', () => {
    const body = {
      resource_spans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { string_value: 'shop' } }] },
          scope_spans: [
            {
              scope: { name: 'lib', version: '2' },
              spans: [
                {
                  trace_id: Buffer.alloc(16, 0xab).toString('base64'),
                  span_id: 'AB'.repeat(8),
                  name: 'x',
                  kind: 'SPAN_KIND_CLIENT',
                  start_time_unix_nano: receivedAtMs * 1e6,
                  status: { code: 'STATUS_CODE_ERROR', message: 'no' },
                },
              ],
            },
          ],
        },
      ],
    };
    expect(readBatch('otlp-json', json(body), arrival).spans).toMatchObject([
      {
        ...{
          traceId: 'ab'.repeat(16),
          spanId: 'ab'.repeat(8),
          statusCode: 2,
          statusMessage: 'no',
          spanKind: 3,
        },
        ...{ resource: { 'service.name': 'shop' }, scope: { name: 'lib', version: '2' } },
      },
    ]);
  });

  test('keeps an attribute named __proto__ like any other', () => {
    const attributes = [
      { key: '__proto__', value: { kvlistValue: { values: [{ key: 'x', value: { intValue: 1 } }] } } },
    ];
    const spans = [
      {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        startTimeUnixNano: `${receivedAtMs}000000`,
        attributes,
      },
    ];
    const batch = readBatch('otlp-json', json({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), arrival);
    expect(JSON.stringify(batch.spans[0])).toContain('"attributes":{"__proto__":{"x":1}}');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('our own batch', () => {
  const good = {
    ...{ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), type: 'generation', name: 'chat', outcome: 'ok' },
    ...{ start_ms: receivedAtMs, end_ms: receivedAtMs + 5.5 },
  };
  /** A value of each kind for any field, right for some and wrong for others. */
  const anything = fc.oneof(
    fc.constantFrom<unknown>(
      '',
      'x',
      'x'.repeat(65),
      'x'.repeat(300),
      0,
      -1,
      1.5,
      12,
      true,
      null,
      [],
      {},
      ['a'],
      [''],
      [3],
    ),
    fc.constantFrom<unknown>(
      { name: 'p' },
      { name: '' },
      { code: 'x', status: 500 },
      { status: 1_000 },
      { EMAIL: 2 },
    ),
    fc.constantFrom<unknown>(
      { email: 2 },
      { input_fresh: 3 },
      { input_fresh: 1.5 },
      { later_class: 'x' },
      'openai-chat',
    ),
    fc.constantFrom<unknown>('user', 'failed', 'tool', 'c'.repeat(32), 'd'.repeat(16), '0'.repeat(32)),
  );
  const changed = (shape: { [field: string]: unknown }, base: object) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(shape), 'strange'), anything, { maxKeys: 3 })
      .map((changes) => ({ ...base, ...changes }))
      // Times that no clock gives are refused for another reason.
      .map((span) => ({
        ...span,
        ...('start_ms' in base ? { start_ms: receivedAtMs, end_ms: receivedAtMs } : {}),
      }));

  test('takes the spans that the contract takes, and no others', () => {
    fc.assert(
      fc.property(changed(IngestSpan.shape, good), (span) => {
        const body = json({ sdk: { name: 'tokentrace', version: '1' }, spans: [span] });
        const isTaken = readBatch('sdk', body, arrival).rejected.length === 0;
        expect([isTaken, span]).toEqual([IngestSpan.safeParse(span).success, span]);
      }),
      { seed: 11, numRuns: 3_000 },
    );
  });

  test('takes the scores and envelopes that the contract takes, and no others', () => {
    const sdk = { name: 'tokentrace', version: '1' };
    fc.assert(
      fc.property(changed(IngestScore.shape, { id: 's', name: 'n', value: 1 }), (score) => {
        const isTaken = readBatch('sdk', json({ sdk, scores: [score] }), arrival).rejected.length === 0;
        expect([isTaken, score]).toEqual([IngestScore.safeParse(score).success, score]);
      }),
      { seed: 12, numRuns: 1_000 },
    );
    const { spans: _spans, scores: _scores, ...envelope } = IngestBatch.shape;
    fc.assert(
      fc.property(changed(envelope, { sdk }), (batch) => {
        const isTaken = typeof outcomeOf('sdk', json(batch)) !== 'string';
        expect([isTaken, batch]).toEqual([IngestBatch.safeParse(batch).success, batch]);
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });
});
