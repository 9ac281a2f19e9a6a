import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { BatchError } from './batch-error.ts';
import { type LangfuseEvent, mentionTrace, readObservation, readTrace } from './langfuse-observation.ts';
import { spanIdOf, traceIdOf } from './name-ids.ts';
import { parseBody } from './parse-body.ts';
import type { Batch, BatchArrival, PlainSpan, ReceivedScore } from './received-span.ts';
import { SpanError } from './span-error.ts';
import { cut, textAt, timeOf } from './text-at.ts';

/**
 * Reads Langfuse's batch of events, `{batch: [...], metadata}`, as its SDKs of version 3 and older send it. Each event is a
 * part of a span: what one event says of an observation joins what others say, in whichever order they come.
 * Source: Langfuse's OpenAPI description, `IngestionEvent`.
 */
export function readLangfuseBatch(bytes: Uint8Array, arrival: BatchArrival): Batch {
  const body = parseBody(bytes);
  if (!Array.isArray(body.batch)) throw new BatchError('batch must be a list.');
  if (body.batch.length > BATCH_BOUNDS.spansMax)
    throw new BatchError(`A batch may hold ${BATCH_BOUNDS.spansMax} events.`);
  const batch: Batch = { spans: [], scores: [], rejected: [], sdk: sdkOf(body.metadata), dropped: {} };
  const mentions = new Map<string, PlainSpan>();
  body.batch.forEach((event, index) => {
    try {
      const part = takeEvent(event, batch, arrival);
      if (part !== undefined) mentions.set(part.traceId, widest(mentions.get(part.traceId), part));
    } catch (error) {
      if (!(error instanceof SpanError)) throw error;
      const id = isObject(event) ? textAt(event, ['id'], 200) : undefined;
      batch.rejected.push({ index, id, reason: `batch[${index}]: ${error.message}` });
    }
  });
  batch.spans.push(...mentions.values());
  return batch;
}

/** Gives what the event says of the whole trace beside its own span. */
function takeEvent(value: Json, batch: Batch, { receivedAtMs }: BatchArrival): PlainSpan | undefined {
  if (!isObject(value)) throw new SpanError('it must be an object.');
  const { type, body } = value;
  if (typeof type !== 'string') throw new SpanError('type must be a text.');
  if (type === 'sdk-log') return undefined;
  if (!isObject(body)) throw new SpanError('body must be an object.');
  const id = textAt(value, ['id'], 1_000);
  if (id === undefined) throw new SpanError('id must be a text.');
  const latestMs = receivedAtMs + BATCH_BOUNDS.futureMsMax;
  const atMs = Math.min(latestMs, timeOf(value.timestamp) ?? receivedAtMs);
  const event: LangfuseEvent = { id, atMs, body, isUpdate: type.endsWith('-update') };
  if (type === 'trace-create') {
    batch.spans.push(readTrace(event, receivedAtMs));
    return undefined;
  }
  if (type === 'score-create') {
    batch.scores.push(readScore(event));
    return undefined;
  }
  const part = readObservation(event, wordOf(type, body), receivedAtMs);
  batch.spans.push(part);
  return mentionTrace(part);
}

function wordOf(type: string, body: JsonObject): string {
  const word = /^([a-z]+)-(?:create|update)$/.exec(type)?.[1];
  if (word === undefined) throw new SpanError(`type ${type.slice(0, 100)} is not known.`);
  return word === 'observation' ? (textAt(body, ['type'], 100) ?? '') : word;
}

function widest(known: PlainSpan | undefined, part: PlainSpan): PlainSpan {
  if (known === undefined || known.unknown?.includes('startedAtMs')) return part;
  if (part.unknown?.includes('startedAtMs')) return known;
  const startedAtMs = Math.min(known.startedAtMs, part.startedAtMs);
  const endedAtMs = Math.max(known.endedAtMs, part.endedAtMs);
  return {
    ...known,
    startedAtMs,
    endedAtMs,
    span: { ...known.span, start_ms: startedAtMs, end_ms: endedAtMs },
  };
}

function readScore({ id, atMs, body }: LangfuseEvent): ReceivedScore {
  const name = textAt(body, ['name'], 200);
  if (name === undefined) throw new SpanError('body.name must be a text.');
  const traceId = textAt(body, ['traceId'], 1_000);
  const sessionId = textAt(body, ['sessionId'], 256);
  if (traceId === undefined && sessionId === undefined) throw new SpanError('body.traceId is missing.');
  const spanId = textAt(body, ['observationId'], 1_000);
  return {
    scoreId: textAt(body, ['id'], 200) ?? id.slice(0, 200),
    traceId: traceId === undefined ? '' : traceIdOf(traceId),
    spanId: spanId === undefined ? '' : spanIdOf(spanId),
    sessionId: sessionId ?? '',
    name,
    value: readValue(body),
    comment: textAt(body, ['comment'], 4_000) ?? '',
    source: 'api',
    atMs,
  };
}

function readValue({ value, dataType }: JsonObject): ReceivedScore['value'] {
  if (typeof value === 'boolean') return value;
  if (dataType === 'BOOLEAN' && (value === 0 || value === 1)) return value === 1;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') return cut(value, 500);
  throw new SpanError('body.value must be a number or a text.');
}

function sdkOf(metadata: Json | undefined): string {
  if (!isObject(metadata)) return '';
  const name = textAt(metadata, ['sdk_name', 'sdk_integration'], 100) ?? 'langfuse';
  return `${name}/${textAt(metadata, ['sdk_version'], 64) ?? ''}`;
}
