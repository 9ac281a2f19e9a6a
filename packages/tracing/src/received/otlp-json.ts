import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { BatchError } from './batch-error.ts';
import { createValueBudget, readJsonAttributes, type ValueBudget } from './otlp-json-value.ts';
import { buildOtlpSpan, emptyBatch, type OtlpFields, type OtlpOrigin, sdkOf, takeSpan } from './otlp-span.ts';
import { parseBody } from './parse-body.ts';
import type { AttributedSpan, Batch, BatchArrival } from './received-span.ts';
import { SpanError } from './span-error.ts';

/**
 * Reads OTLP/HTTP in JSON: names in camelCase, which is the rule, or in snake_case; enums as numbers or names.
 * Source: opentelemetry-proto, trace/v1/trace.proto, and the OTLP specification on its JSON encoding.
 */
export function readOtlpJson(bytes: Uint8Array, arrival: BatchArrival): Batch {
  const body = parseBody(bytes);
  const batch = emptyBatch();
  for (const ofResource of listAt(body, 'resourceSpans', 'resource_spans')) {
    const resource = readResource(ofResource.resource);
    if (batch.sdk === '' && !(resource instanceof SpanError)) batch.sdk = sdkOf(resource);
    for (const ofScope of listAt(ofResource, 'scopeSpans', 'scope_spans')) {
      const scope = isObject(ofScope.scope) ? ofScope.scope : {};
      const origin = {
        scope: { name: textAt(scope, 'name'), version: textAt(scope, 'version') },
        schemaUrl:
          textAt(ofScope, 'schemaUrl', 'schema_url') || textAt(ofResource, 'schemaUrl', 'schema_url'),
      };
      for (const span of listAt(ofScope, 'spans', 'spans')) {
        if (batch.spans.length + batch.rejected.length >= BATCH_BOUNDS.spansMax)
          throw new BatchError(`A batch may hold ${BATCH_BOUNDS.spansMax} spans.`);
        takeSpan(
          batch,
          () => {
            if (resource instanceof SpanError) throw resource;
            return readSpan(span, { ...origin, resource }, arrival);
          },
          () => textAt(span, 'spanId', 'span_id') || undefined,
        );
      }
    }
  }
  return batch;
}

/** All spans of a resource that cannot be read are refused for it. */
function readResource(resource: Json | undefined): JsonObject | SpanError {
  try {
    const attributes = isObject(resource) ? resource.attributes : undefined;
    return readJsonAttributes(attributes, 'resource.attributes', createValueBudget());
  } catch (error) {
    if (error instanceof SpanError) return error;
    throw error;
  }
}

function readSpan(span: JsonObject, origin: OtlpOrigin, arrival: BatchArrival): AttributedSpan {
  const budget = createValueBudget();
  const status = isObject(span.status) ? span.status : {};
  const fields: OtlpFields = {
    traceId: idAt(span, 'traceId', 'trace_id'),
    spanId: idAt(span, 'spanId', 'span_id'),
    parentSpanId: idAt(span, 'parentSpanId', 'parent_span_id'),
    name: textAt(span, 'name'),
    startMs: timeAt(span, 'startTimeUnixNano', 'start_time_unix_nano'),
    endMs: timeAt(span, 'endTimeUnixNano', 'end_time_unix_nano'),
    statusCode: enumAt(status, 'code', STATUS_CODES),
    statusMessage: textAt(status, 'message'),
    attributes: readJsonAttributes(span.attributes, 'attributes', budget),
    events: readEvents(span, budget),
    links: readLinks(span, budget),
    spanKind: enumAt(span, 'kind', SPAN_KINDS),
    traceState: textAt(span, 'traceState', 'trace_state'),
    dropped: readDropped(span),
  };
  return buildOtlpSpan(fields, origin, arrival);
}

function readEvents(span: JsonObject, budget: ValueBudget): AttributedSpan['events'] {
  return boundedList(span, 'events', BATCH_BOUNDS.eventsMax).map((event, place) => ({
    name: textAt(event, 'name'),
    atMs: timeAt(event, 'timeUnixNano', 'time_unix_nano'),
    attributes: readJsonAttributes(event.attributes, `events[${place}].attributes`, budget),
  }));
}

function readLinks(span: JsonObject, budget: ValueBudget): AttributedSpan['links'] {
  return boundedList(span, 'links', BATCH_BOUNDS.linksMax).map((link, place) => ({
    traceId: idAt(link, 'traceId', 'trace_id'),
    spanId: idAt(link, 'spanId', 'span_id'),
    attributes: readJsonAttributes(link.attributes, `links[${place}].attributes`, budget),
  }));
}

function readDropped(span: JsonObject): OtlpFields['dropped'] {
  const dropped: OtlpFields['dropped'] = {};
  for (const [what, camel, snake] of DROPPED) {
    const count = Number(span[camel] ?? span[snake] ?? 0);
    if (Number.isSafeInteger(count) && count > 0) dropped[what] = count;
  }
  return dropped;
}

const DROPPED = [
  ['attributes', 'droppedAttributesCount', 'dropped_attributes_count'],
  ['events', 'droppedEventsCount', 'dropped_events_count'],
  ['links', 'droppedLinksCount', 'dropped_links_count'],
] as const;

const NO_OBJECTS: JsonObject[] = [];

function listAt(object: JsonObject, camel: string, snake: string): JsonObject[] {
  const list = object[camel] ?? object[snake];
  if (list === undefined || list === null) return NO_OBJECTS;
  if (!Array.isArray(list) || !list.every(isObject))
    throw new BatchError(`${camel} must be a list of objects.`);
  return list;
}

function boundedList(span: JsonObject, name: string, max: number): JsonObject[] {
  const list = span[name];
  if (list === undefined || list === null) return NO_OBJECTS;
  if (!Array.isArray(list) || !list.every(isObject))
    throw new SpanError(`${name} must be a list of objects.`);
  if (list.length > max) throw new SpanError(`${name} may have ${max} entries.`);
  return list;
}

function textAt(object: JsonObject, camel: string, snake = camel): string {
  const text = object[camel] ?? object[snake];
  return typeof text === 'string' ? text : '';
}

/** Ids are hexadecimal by the rule; what writes protobuf's own JSON encoding gives base64. */
function idAt(object: JsonObject, camel: string, snake: string): string {
  const id = textAt(object, camel, snake);
  const isBase64 = id.length === 24 ? id.endsWith('==') : id.length === 12 && id.endsWith('=');
  return isBase64 ? Buffer.from(id, 'base64').toString('hex') : id.toLowerCase();
}

/** Nanoseconds since 1970, as text or as a number, in milliseconds; 0 where none are told. */
function timeAt(object: JsonObject, camel: string, snake: string): number {
  const nanos = object[camel] ?? object[snake];
  if (nanos === undefined || nanos === null || nanos === '') return 0;
  const number = typeof nanos === 'number' || typeof nanos === 'string' ? Number(nanos) : Number.NaN;
  if (!(number >= 0 && number < 2 ** 64)) throw new SpanError(`${camel} must be nanoseconds since 1970.`);
  return number / 1e6;
}

const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];
const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
);

/** An enum by its number or its name; 0 for one that is not known. */
function enumAt(object: JsonObject, name: string, names: readonly string[]): number {
  const value = object[name];
  if (typeof value === 'string') return Math.max(0, names.indexOf(value));
  return typeof value === 'number' && names[value] !== undefined ? value : 0;
}
