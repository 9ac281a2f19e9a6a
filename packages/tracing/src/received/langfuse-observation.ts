import type { IngestSpan, SpanType } from '@app/contract';
import { isObject, type Json, type JsonObject } from '@app/protocol';
import { readLangfuseUsage } from './langfuse-usage.ts';
import { isSpanId, isTraceId, spanIdOf, traceIdOf } from './name-ids.ts';
import { checkEnd, checkStart } from './otlp-span.ts';
import { ownFields, ownJson } from './own-json.ts';
import type { PlainSpan, UnknownField } from './received-span.ts';
import { cut, textAt, timeOf } from './text-at.ts';

/** An event of a batch: what it is about, and when it was said. */
export type LangfuseEvent = { id: string; atMs: number; body: JsonObject; isUpdate: boolean };

/** The span that stands for a whole trace, above those that name no parent. */
function rootIdOf(traceId: string): string {
  return spanIdOf(`trace:${traceId}`);
}

const TYPES: { [word: string]: SpanType } = {
  SPAN: 'span',
  GENERATION: 'generation',
  EVENT: 'event',
  AGENT: 'agent',
  TOOL: 'tool',
  CHAIN: 'chain',
  RETRIEVER: 'retriever',
  EVALUATOR: 'evaluator',
  EMBEDDING: 'embedding',
  GUARDRAIL: 'guardrail',
};

const READ = new Set(
  'id,traceId,name,startTime,endTime,completionStartTime,input,output,metadata,parentObservationId,environment,model,usage,usageDetails,costDetails,promptName,promptVersion,type,timestamp,userId,sessionId,tags,release,level,statusMessage'.split(
    ',',
  ),
);

/** An observation, as far as this event tells it. `word` is its type, as Langfuse spells it; empty when not told. */
export function readObservation(event: LangfuseEvent, word: string, receivedAtMs: number): PlainSpan {
  const { body, isUpdate } = event;
  const given = textAt(body, ['id'], 1_000) ?? event.id;
  const traceId = traceIdOf(textAt(body, ['traceId'], 1_000) ?? given);
  const type = TYPES[word.toUpperCase()];
  const parent = textAt(body, ['parentObservationId'], 1_000);
  const { times, unknown } = readTimes(event, { start: body.startTime, end: body.endTime }, receivedAtMs);
  const isEvent = type === 'event' && unknown.includes('endedAtMs');
  const name = textAt(body, ['name'], 200);
  const failed = body.level === 'ERROR';
  if (name === undefined) unknown.push('name');
  if (type === undefined) unknown.push('type');
  if (!failed && (isUpdate || body.level === undefined)) unknown.push('outcome');
  // An update that names no parent leaves it as it is.
  if (parent === undefined && isUpdate) unknown.push('parentSpanId');
  const parentSpanId = parent === undefined ? rootIdOf(traceId) : spanIdOf(parent);
  const { givenUsd, ...usage } = readLangfuseUsage(body);
  const firstAtMs = timeOf(body.completionStartTime);
  const span: IngestSpan = {
    ...idsOf(traceId, spanIdOf(given), parentSpanId),
    type: type ?? 'span',
    name: name ?? type ?? 'span',
    start_ms: times.startedAtMs,
    end_ms: times.endedAtMs,
    outcome: failed ? 'failed' : 'ok',
    ...(failed ? { error: { message: textAt(body, ['statusMessage'], 4_000) ?? '' } } : {}),
    ...modelOf(body),
    ...firstOf(firstAtMs, unknown.includes('startedAtMs') ? undefined : times.startedAtMs),
    ...usage,
    ...contentOf(body),
    ...metadataOf(body, given),
  };
  return {
    ...partOf(
      event,
      span,
      unknown.filter((field) => !(isEvent && field === 'endedAtMs')),
    ),
    environment: textAt(body, ['environment'], 64),
    release: undefined,
    traceName: undefined,
    ...(givenUsd === undefined ? {} : { givenUsd }),
    ...(firstAtMs === undefined ? {} : { firstAtMs }),
  };
}

/** The span that stands for a trace, as far as this event tells it. */
export function readTrace(event: LangfuseEvent, receivedAtMs: number): PlainSpan {
  const { body } = event;
  const given = textAt(body, ['id'], 1_000) ?? event.id;
  const traceId = traceIdOf(given);
  const { times, unknown } = readTimes(event, { start: body.timestamp, end: undefined }, receivedAtMs);
  const name = textAt(body, ['name'], 200);
  const user = textAt(body, ['userId'], 256);
  const session = textAt(body, ['sessionId'], 256);
  const tags = Array.isArray(body.tags)
    ? body.tags.filter((tag) => typeof tag === 'string' && tag !== '').slice(0, 50)
    : [];
  if (name === undefined) unknown.push('name');
  unknown.push('outcome');
  const span: IngestSpan = {
    ...idsOf(traceId, rootIdOf(traceId), ''),
    type: 'span',
    name: name ?? 'trace',
    start_ms: times.startedAtMs,
    end_ms: times.endedAtMs,
    outcome: 'ok',
    ...(user === undefined ? {} : { user_id: user }),
    ...(session === undefined ? {} : { session_id: session }),
    ...(tags.length === 0 ? {} : { tags: tags.map((tag) => cut(String(tag), 64)) }),
    ...contentOf(body),
    ...metadataOf(body, given),
  };
  return {
    ...partOf(event, span, unknown),
    environment: textAt(body, ['environment'], 64),
    release: textAt(body, ['release'], 200),
    traceName: name,
  };
}

/** That a trace was spoken of: its span is as long as what is known to lie below it. */
export function mentionTrace(below: PlainSpan): PlainSpan {
  const { traceId, startedAtMs, endedAtMs, partAtMs = 0, partId = '' } = below;
  const span: IngestSpan = {
    ...idsOf(traceId, rootIdOf(traceId), ''),
    ...{ type: 'span', name: 'trace', start_ms: startedAtMs, end_ms: endedAtMs, outcome: 'ok' },
  };
  const times = (below.unknown ?? []).filter((field) => field === 'startedAtMs' || field === 'endedAtMs');
  return {
    ...partOf({ id: `mention:${partId}`, atMs: partAtMs }, span, ['name', 'outcome', ...times]),
    environment: below.environment,
    release: undefined,
    traceName: undefined,
  };
}

function partOf(event: { id: string; atMs: number }, span: IngestSpan, unknown: UnknownField[]) {
  return {
    source: 'langfuse' as const,
    ...{ traceId: span.trace_id, spanId: span.span_id, parentSpanId: span.parent_span_id ?? '' },
    ...{ name: span.name, startedAtMs: span.start_ms, endedAtMs: span.end_ms },
    span,
    service: undefined,
    partAtMs: event.atMs,
    partId: event.id,
    unknown,
  };
}

function idsOf(traceId: string, spanId: string, parentSpanId: string) {
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(parentSpanId === '' ? {} : { parent_span_id: parentSpanId }),
  };
}

/** What is created without a start began when that was said; an update without one says nothing of it. */
function readTimes(
  event: LangfuseEvent,
  told: { start: Json | undefined; end: Json | undefined },
  receivedAtMs: number,
): { times: { startedAtMs: number; endedAtMs: number }; unknown: UnknownField[] } {
  const start = timeOf(told.start);
  const end = timeOf(told.end);
  const unknown: UnknownField[] = [];
  if (start === undefined && event.isUpdate) unknown.push('startedAtMs');
  if (end === undefined) unknown.push('endedAtMs');
  const startedAtMs = start ?? (event.isUpdate ? (end ?? event.atMs) : event.atMs);
  checkStart('startTime', startedAtMs, receivedAtMs);
  const endedAtMs = Math.max(startedAtMs, checkEnd('endTime', end ?? startedAtMs, receivedAtMs));
  return { times: { startedAtMs, endedAtMs }, unknown };
}

function modelOf(body: JsonObject): Partial<IngestSpan> {
  const model = textAt(body, ['model'], 200);
  const name = textAt(body, ['promptName'], 200);
  const version = textAt(body, ['promptVersion'], 64);
  return {
    ...(model === undefined ? {} : { model }),
    ...(name === undefined ? {} : { prompt: { name, ...(version === undefined ? {} : { version }) } }),
  };
}

/** Only what streams has a first token before its last. */
function firstOf(firstAtMs: number | undefined, startedAtMs: number | undefined): Partial<IngestSpan> {
  if (firstAtMs === undefined) return {};
  if (startedAtMs === undefined) return { stream: true };
  return firstAtMs < startedAtMs ? {} : { ttft_ms: firstAtMs - startedAtMs, stream: true };
}

function contentOf(body: JsonObject): Partial<IngestSpan> {
  const { input, output } = body;
  return {
    dialect: 'json',
    ...(input === undefined || input === null ? {} : { input: ownJson(input) }),
    ...(output === undefined || output === null ? {} : { output: ownJson(output) }),
  };
}

/** The sender's own metadata, and beside it under `langfuse` all that has no field of ours. */
function metadataOf(body: JsonObject, given: string): Partial<IngestSpan> {
  const own = body.metadata;
  const rest: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    if (!READ.has(name) && value !== null && value !== undefined) rest[name] = value;
  }
  for (const name of ['level', 'statusMessage', 'usage', 'usageDetails', 'costDetails'] as const) {
    if (body[name] !== undefined && body[name] !== null) rest[name] = body[name];
  }
  const traceId = textAt(body, ['traceId'], 1_000);
  if (!isSpanId(given) && !isTraceId(given)) rest.id = given;
  if (traceId !== undefined && !isTraceId(traceId)) rest.traceId = traceId;
  const metadata: JsonObject = {
    ...(isObject(own) ? own : own === undefined || own === null ? {} : { metadata: own }),
    ...(Object.keys(rest).length === 0 ? {} : { langfuse: rest }),
  };
  return Object.keys(metadata).length === 0 ? {} : { metadata: ownFields(metadata) };
}
