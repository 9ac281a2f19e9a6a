/** A value of an attribute, to be written in both encodings. */
export type SampleValue =
  | { kind: 'text'; text: string }
  | { kind: 'whole'; number: number }
  | { kind: 'fraction'; number: number }
  | { kind: 'truth'; truth: boolean }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'list'; items: SampleValue[] }
  | { kind: 'object'; fields: [string, SampleValue][] };

export type SampleSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startNanos: bigint;
  durationNanos: bigint;
  status: number;
  kind: number;
  attributes: [string, SampleValue][];
  eventNames: string[];
  links: [traceId: string, spanId: string][];
};

/** The same export request of OpenTelemetry in JSON and in protobuf, written by hand after its .proto files. */
export function otlpBodies(spans: readonly SampleSpan[], resource: readonly [string, SampleValue][]) {
  const asJson = {
    resourceSpans: [
      {
        resource: { attributes: resource.map(jsonField) },
        scopeSpans: [
          { scope: { name: 'lib', version: '1' }, spans: spans.map(jsonSpan), schemaUrl: 'http://schema' },
        ],
      },
    ],
  };
  const scopeSpans = Buffer.concat([
    inner(1, Buffer.concat([text(1, 'lib'), text(2, '1')])),
    ...spans.map((span) => inner(2, binarySpan(span))),
    text(3, 'http://schema'),
  ]);
  // The resource stands behind its spans, which protobuf allows; a field that nobody knows is in between.
  const resourceSpans = Buffer.concat([
    inner(2, scopeSpans),
    text(99, 'later'),
    inner(1, Buffer.concat(resource.map((field) => inner(1, binaryField(field))))),
  ]);
  return { asJson: Buffer.from(JSON.stringify(asJson)), asProtobuf: inner(1, resourceSpans) };
}

function jsonSpan(span: SampleSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(span.startNanos + span.durationNanos),
    attributes: span.attributes.map(jsonField),
    events: span.eventNames.map((name) => ({ name, timeUnixNano: String(span.startNanos) })),
    links: span.links.map(([traceId, spanId]) => ({ traceId, spanId })),
    status: { code: span.status },
  };
}

function jsonField([key, value]: [string, SampleValue]) {
  return { key, value: jsonValue(value) };
}

function jsonValue(value: SampleValue): object {
  if (value.kind === 'text') return { stringValue: value.text };
  if (value.kind === 'whole') return { intValue: String(value.number) };
  if (value.kind === 'fraction') return { doubleValue: value.number };
  if (value.kind === 'truth') return { boolValue: value.truth };
  if (value.kind === 'bytes') return { bytesValue: Buffer.from(value.bytes).toString('base64') };
  if (value.kind === 'list') return { arrayValue: { values: value.items.map(jsonValue) } };
  return { kvlistValue: { values: value.fields.map(jsonField) } };
}

function binarySpan(span: SampleSpan): Buffer {
  return Buffer.concat([
    inner(1, Buffer.from(span.traceId, 'hex')),
    inner(2, Buffer.from(span.spanId, 'hex')),
    inner(4, Buffer.from(span.parentSpanId, 'hex')),
    text(5, span.name),
    number(6, BigInt(span.kind)),
    time(7, span.startNanos),
    time(8, span.startNanos + span.durationNanos),
    ...span.attributes.map((field) => inner(9, binaryField(field))),
    ...span.eventNames.map((name) => inner(11, Buffer.concat([time(1, span.startNanos), text(2, name)]))),
    ...span.links.map(([traceId, spanId]) =>
      inner(13, Buffer.concat([inner(1, Buffer.from(traceId, 'hex')), inner(2, Buffer.from(spanId, 'hex'))])),
    ),
    inner(15, number(3, BigInt(span.status))),
  ]);
}

function binaryField([key, value]: [string, SampleValue]): Buffer {
  return Buffer.concat([text(1, key), inner(2, binaryValue(value))]);
}

function binaryValue(value: SampleValue): Buffer {
  if (value.kind === 'text') return text(1, value.text);
  if (value.kind === 'truth') return number(2, value.truth ? 1n : 0n);
  if (value.kind === 'whole') return number(3, BigInt.asUintN(64, BigInt(value.number)));
  if (value.kind === 'bytes') return inner(7, Buffer.from(value.bytes));
  if (value.kind === 'list')
    return inner(5, Buffer.concat(value.items.map((item) => inner(1, binaryValue(item)))));
  if (value.kind === 'object')
    return inner(6, Buffer.concat(value.fields.map((field) => inner(1, binaryField(field)))));
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value.number);
  return Buffer.concat([tag(4, 1), bytes]);
}

function tag(field: number, wire: number): Buffer {
  return varint(BigInt(field * 8 + wire));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    const rest = left >> 7n;
    bytes.push(Number(left & 0x7fn) | (rest > 0n ? 0x80 : 0));
    left = rest;
  } while (left > 0n);
  return Buffer.from(bytes);
}

function number(field: number, value: bigint): Buffer {
  return Buffer.concat([tag(field, 0), varint(value)]);
}

function time(field: number, nanos: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(nanos);
  return Buffer.concat([tag(field, 1), bytes]);
}

function inner(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(field, 2), varint(BigInt(bytes.length)), bytes]);
}

function text(field: number, value: string): Buffer {
  return inner(field, Buffer.from(value));
}
