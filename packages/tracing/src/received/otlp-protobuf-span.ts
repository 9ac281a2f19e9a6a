import { BATCH_BOUNDS } from './batch-bounds.ts';
import { createValueBudget, type ValueBudget } from './otlp-json-value.ts';
import { readAttribute } from './otlp-protobuf-value.ts';
import type { OtlpFields } from './otlp-span.ts';
import {
  FIXED64,
  LENGTH,
  nextField,
  type ProtobufCursor,
  readEncoded,
  readFixed64,
  readInner,
  readText,
  readVarint,
  skipField,
  VARINT,
} from './protobuf-fields.ts';
import type { AttributedSpan } from './received-span.ts';
import { SpanError } from './span-error.ts';

/**
 * Reads the message `Span`, field by field. `tellId` hears the span's id as soon as it is known, for a refusal to name it.
 * Source: opentelemetry-proto, trace/v1/trace.proto.
 */
export function readProtobufSpan(cursor: ProtobufCursor, tellId: (id: string) => void): OtlpFields {
  const reading = createReading();
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    const { field, wire } = next;
    const isRead =
      (wire === LENGTH && readLengthField(cursor, field, reading)) ||
      (wire === VARINT && readNumberField(cursor, field, reading)) ||
      (wire === FIXED64 && readTimeField(cursor, field, reading));
    if (!isRead) skipField(cursor, wire);
    if (field === 2) tellId(reading.fields.spanId);
  }
  return { ...reading.fields, events: reading.events, links: reading.links };
}

type Reading = {
  fields: Omit<OtlpFields, 'events' | 'links'>;
  events: AttributedSpan['events'][number][];
  links: AttributedSpan['links'][number][];
  budget: ValueBudget;
  attributesLeft: number;
};

function createReading(): Reading {
  return {
    fields: {
      ...{ traceId: '', spanId: '', parentSpanId: '', name: '', startMs: 0, endMs: 0 },
      ...{ statusCode: 0, statusMessage: '', attributes: {}, spanKind: 0, traceState: '', dropped: {} },
    },
    events: [],
    links: [],
    budget: createValueBudget(),
    attributesLeft: BATCH_BOUNDS.attributesMax,
  };
}

function readLengthField(cursor: ProtobufCursor, field: number, reading: Reading): boolean {
  const { fields } = reading;
  if (field === 1) fields.traceId = readEncoded(cursor, 'hex');
  else if (field === 2) fields.spanId = readEncoded(cursor, 'hex');
  else if (field === 3) fields.traceState = readText(cursor);
  else if (field === 4) fields.parentSpanId = readEncoded(cursor, 'hex');
  else if (field === 5) fields.name = readText(cursor);
  else if (field === 9) readSpanAttribute(cursor, reading);
  else if (field === 11) reading.events.push(readEvent(readInner(cursor), reading));
  else if (field === 13) reading.links.push(readLink(readInner(cursor), reading));
  else if (field === 15) readStatus(readInner(cursor), fields);
  else return false;
  return true;
}

function readNumberField(cursor: ProtobufCursor, field: number, { fields }: Reading): boolean {
  if (field === 6) fields.spanKind = enumOf(readVarint(cursor), 5);
  else if (field === 10) putDropped(fields.dropped, 'attributes', readVarint(cursor));
  else if (field === 12) putDropped(fields.dropped, 'events', readVarint(cursor));
  else if (field === 14) putDropped(fields.dropped, 'links', readVarint(cursor));
  else return false;
  return true;
}

function readTimeField(cursor: ProtobufCursor, field: number, { fields }: Reading): boolean {
  if (field === 7) fields.startMs = readTime(cursor);
  else if (field === 8) fields.endMs = readTime(cursor);
  else return false;
  return true;
}

function readSpanAttribute(cursor: ProtobufCursor, reading: Reading): void {
  reading.attributesLeft -= 1;
  if (reading.attributesLeft < 0)
    throw new SpanError(`attributes may have ${BATCH_BOUNDS.attributesMax} entries.`);
  const place = { field: 'attributes', budget: reading.budget, depth: 1 };
  readAttribute(readInner(cursor), reading.fields.attributes, place);
}

function readEvent(cursor: ProtobufCursor, reading: Reading): AttributedSpan['events'][number] {
  if (reading.events.length >= BATCH_BOUNDS.eventsMax)
    throw new SpanError(`events may have ${BATCH_BOUNDS.eventsMax} entries.`);
  const event = { name: '', atMs: 0, attributes: {} };
  const place = { field: `events[${reading.events.length}].attributes`, budget: reading.budget, depth: 1 };
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    const { field, wire } = next;
    if (field === 1 && wire === FIXED64) event.atMs = readTime(cursor);
    else if (field === 2 && wire === LENGTH) event.name = readText(cursor);
    else if (field === 3 && wire === LENGTH) readAttribute(readInner(cursor), event.attributes, place);
    else skipField(cursor, wire);
  }
  return event;
}

function readLink(cursor: ProtobufCursor, reading: Reading): AttributedSpan['links'][number] {
  if (reading.links.length >= BATCH_BOUNDS.linksMax)
    throw new SpanError(`links may have ${BATCH_BOUNDS.linksMax} entries.`);
  const link = { traceId: '', spanId: '', attributes: {} };
  const place = { field: `links[${reading.links.length}].attributes`, budget: reading.budget, depth: 1 };
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    const { field, wire } = next;
    if (field === 1 && wire === LENGTH) link.traceId = readEncoded(cursor, 'hex');
    else if (field === 2 && wire === LENGTH) link.spanId = readEncoded(cursor, 'hex');
    else if (field === 4 && wire === LENGTH) readAttribute(readInner(cursor), link.attributes, place);
    else skipField(cursor, wire);
  }
  return link;
}

function readStatus(cursor: ProtobufCursor, fields: Reading['fields']): void {
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === 2 && next.wire === LENGTH) fields.statusMessage = readText(cursor);
    else if (next.field === 3 && next.wire === VARINT) fields.statusCode = enumOf(readVarint(cursor), 2);
    else skipField(cursor, next.wire);
  }
}

function readTime(cursor: ProtobufCursor): number {
  const { low, high } = readFixed64(cursor);
  return (high * 4294967296 + low) / 1e6;
}

/** 0 for one that is not known. */
function enumOf(value: number, last: number): number {
  return value <= last ? value : 0;
}

function putDropped(dropped: OtlpFields['dropped'], what: keyof OtlpFields['dropped'], count: number): void {
  if (count > 0 && Number.isSafeInteger(count)) dropped[what] = count;
}
