import { randomBytes } from 'node:crypto';

/** A body that is encoded once and sent often: what makes its spans new ones is written over in place. */
export type SpanBody = {
  bytes: Buffer;
  spans: number;
  contentType: string;
  /** Gives all its spans another trace and another text. */
  renew(): void;
};

type Fields = { traceId: Buffer; spanId: Buffer; startNs: bigint; text: string };

/** Stands where the text is new each time. */
const MARK = 'MARK0000MARK0000';
const TRACE = Buffer.alloc(16, 0xab);

/** OTLP/HTTP JSON with spans of about 1 KB, as a client of a model sends them. */
export function openJsonBody(spans: number): SpanBody {
  const body = JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'bench')] },
        scopeSpans: [
          {
            scope: { name: 'bench', version: '1.0.0' },
            spans: Array.from({ length: spans }, (_, place) => jsonSpan(fieldsOf(place))),
          },
        ],
      },
    ],
  });
  return renewable(Buffer.from(body), spans, {
    contentType: 'application/json',
    trace: Buffer.from(TRACE.toString('hex')),
    newTrace: () => Buffer.from(randomBytes(16).toString('hex')),
  });
}

/** The same spans in protobuf. */
export function openProtobufBody(spans: number): SpanBody {
  const scope = bytesField(1, Buffer.concat([textField(1, 'bench'), textField(2, '1.0.0')]));
  const all = Array.from({ length: spans }, (_, place) => bytesField(2, protobufSpan(fieldsOf(place))));
  const resource = bytesField(1, bytesField(1, textAttribute('service.name', 'bench')));
  const body = bytesField(1, Buffer.concat([resource, bytesField(2, Buffer.concat([scope, ...all]))]));
  return renewable(body, spans, {
    contentType: 'application/x-protobuf',
    trace: TRACE,
    newTrace: () => randomBytes(16),
  });
}

function fieldsOf(place: number): Fields {
  const spanId = Buffer.alloc(8);
  spanId.writeUInt32BE(place + 1, 4);
  const startNs = BigInt(Date.now() - 60_000) * 1_000_000n + BigInt(place);
  return { traceId: TRACE, spanId, startNs, text: `${MARK} ${'how much is a thousand spans '.repeat(8)}` };
}

const STRINGS = (message: string): [string, string][] => [
  ['gen_ai.operation.name', 'chat'],
  ['gen_ai.provider.name', 'openai'],
  ['gen_ai.request.model', 'gpt-4o'],
  ['gen_ai.response.model', 'gpt-4o-2024-08-06'],
  ['gen_ai.input.messages', JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: message }] }])],
];
const NUMBERS: [string, number][] = [
  ['gen_ai.usage.input_tokens', 120],
  ['gen_ai.usage.output_tokens', 48],
];

function jsonSpan({ traceId, spanId, startNs, text: message }: Fields) {
  return {
    traceId: traceId.toString('hex'),
    spanId: spanId.toString('hex'),
    name: 'chat gpt-4o',
    kind: 3,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 500_000_000n),
    attributes: [
      ...STRINGS(message).map(([key, value]) => text(key, value)),
      ...NUMBERS.map(([key, value]) => ({ key, value: { intValue: String(value) } })),
    ],
    status: { code: 1 },
  };
}

function text(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

function protobufSpan({ traceId, spanId, startNs, text: message }: Fields): Buffer {
  return Buffer.concat([
    ...[bytesField(1, traceId), bytesField(2, spanId), textField(5, 'chat gpt-4o'), numberField(6, 3)],
    ...[fixedField(7, startNs), fixedField(8, startNs + 500_000_000n)],
    ...STRINGS(message).map(([key, value]) => bytesField(9, textAttribute(key, value))),
    ...NUMBERS.map(([key, value]) =>
      bytesField(9, Buffer.concat([textField(1, key), bytesField(2, numberField(3, value))])),
    ),
    bytesField(15, numberField(3, 1)),
  ]);
}

function textAttribute(key: string, value: string): Buffer {
  return Buffer.concat([textField(1, key), bytesField(2, textField(1, value))]);
}

function textField(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function fixedField(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint((field << 3) | 1), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

type Renewal = { contentType: string; trace: Buffer; newTrace: () => Buffer };

function renewable(bytes: Buffer, spans: number, { contentType, trace, newTrace }: Renewal): SpanBody {
  const traces = placesOf(bytes, trace);
  const marks = placesOf(bytes, Buffer.from(MARK));
  return {
    bytes,
    spans,
    contentType,
    renew: () => {
      const fresh = newTrace();
      for (const place of traces) fresh.copy(bytes, place);
      const mark = Buffer.from(randomBytes(6).toString('hex'));
      marks.forEach((place, number) => {
        mark.copy(bytes, place);
        bytes.write(number.toString(16).padStart(4, '0'), place + 12, 'latin1');
      });
    },
  };
}

function placesOf(bytes: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) places.push(at);
  return places;
}
