import type { JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { BatchError } from './batch-error.ts';
import { createValueBudget } from './otlp-json-value.ts';
import { readProtobufSpan } from './otlp-protobuf-span.ts';
import { readAttribute } from './otlp-protobuf-value.ts';
import { buildOtlpSpan, emptyBatch, sdkOf, takeSpan } from './otlp-span.ts';
import {
  LENGTH,
  nextField,
  type ProtobufCursor,
  ProtobufError,
  readInner,
  readText,
  skipField,
} from './protobuf-fields.ts';
import type { Batch, BatchArrival } from './received-span.ts';
import { SpanError } from './span-error.ts';

/** Reads OTLP/HTTP in protobuf. Source: opentelemetry-proto, trace/v1/trace.proto. */
export function readOtlpProtobuf(body: Uint8Array, arrival: BatchArrival): Batch {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const batch = emptyBatch();
  try {
    for (const ofResource of innerFields({ bytes, at: 0, end: bytes.length }, 1))
      readResourceSpans(ofResource, batch, arrival);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new BatchError(`The body is not protobuf. ${error.message}`);
  }
  return batch;
}

/** A resource may stand behind the spans that it is about, so it is looked for first. */
function readResourceSpans(cursor: ProtobufCursor, batch: Batch, arrival: BatchArrival): void {
  const resource = readResource({ ...cursor });
  if (batch.sdk === '' && !(resource instanceof SpanError)) batch.sdk = sdkOf(resource);
  const schemaUrl = textField({ ...cursor }, 3);
  for (const ofScope of innerFields(cursor, 2)) {
    const origin = readScope({ ...ofScope }, schemaUrl);
    for (const span of innerFields(ofScope, 2)) {
      if (batch.spans.length + batch.rejected.length >= BATCH_BOUNDS.spansMax)
        throw new BatchError(`A batch may hold ${BATCH_BOUNDS.spansMax} spans.`);
      takeProtobufSpan(span, { batch, arrival, origin, resource });
    }
  }
}

function takeProtobufSpan(
  span: ProtobufCursor,
  to: {
    batch: Batch;
    arrival: BatchArrival;
    origin: ReturnType<typeof readScope>;
    resource: JsonObject | SpanError;
  },
): void {
  let spanId = '';
  takeSpan(
    to.batch,
    () => {
      try {
        const fields = readProtobufSpan(span, (id) => {
          spanId = id;
        });
        if (to.resource instanceof SpanError) throw to.resource;
        return buildOtlpSpan(fields, { ...to.origin, resource: to.resource }, to.arrival);
      } catch (error) {
        // The span's own length is known, so what is wrong within it costs no other.
        if (error instanceof ProtobufError) throw new SpanError(`The span is not protobuf. ${error.message}`);
        throw error;
      }
    },
    () => spanId || undefined,
  );
}

/** All spans of a resource that cannot be read are refused for it. */
function readResource(cursor: ProtobufCursor): JsonObject | SpanError {
  const attributes: JsonObject = {};
  const place = { field: 'resource.attributes', budget: createValueBudget(), depth: 1 };
  let count = 0;
  try {
    for (const resource of innerFields(cursor, 1)) {
      for (const attribute of innerFields(resource, 1)) {
        count += 1;
        if (count > BATCH_BOUNDS.attributesMax)
          throw new SpanError(`resource.attributes may have ${BATCH_BOUNDS.attributesMax} entries.`);
        readAttribute(attribute, attributes, place);
      }
    }
    return attributes;
  } catch (error) {
    if (error instanceof SpanError) return error;
    throw error;
  }
}

function readScope(cursor: ProtobufCursor, schemaUrl: string) {
  const ownSchema = textField({ ...cursor }, 3);
  const origin = { scope: { name: '', version: '' }, schemaUrl: ownSchema || schemaUrl };
  for (const scope of innerFields(cursor, 1)) {
    origin.scope = { name: textField({ ...scope }, 1), version: textField(scope, 2) };
  }
  return origin;
}

/** The messages in one field of a message; every other field is stepped over. */
function* innerFields(cursor: ProtobufCursor, field: number): Generator<ProtobufCursor, void, undefined> {
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === field && next.wire === LENGTH) yield readInner(cursor);
    else skipField(cursor, next.wire);
  }
}

function textField(cursor: ProtobufCursor, field: number): string {
  let text = '';
  for (let next = nextField(cursor); next !== undefined; next = nextField(cursor)) {
    if (next.field === field && next.wire === LENGTH) text = readText(cursor);
    else skipField(cursor, next.wire);
  }
  return text;
}
