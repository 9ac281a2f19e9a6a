import type { DropReason, IngestScore, IngestSpan } from '@app/contract';
import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BatchError } from './batch-error.ts';
import { checkEnd, checkStart } from './otlp-span.ts';
import { parseBody } from './parse-body.ts';
import type { Batch, BatchArrival, PlainSpan, ReceivedScore, Rejected } from './received-span.ts';
import { findEnvelopeProblem, findScoreProblem, findSpanProblem } from './sdk-shapes.ts';
import { SpanError } from './span-error.ts';

/** A body whose envelope was checked; its spans and scores are still what was sent. */
type Envelope = {
  sdk: { name: string; version: string };
  environment?: string;
  release?: string;
  service?: string;
  spans?: Json[];
  scores?: Json[];
  dropped?: { [reason in DropReason]?: number };
};

/** Reads what our own SDK sends. `@app/contract`'s `IngestBatch` is the description of it. */
export function readSdkBatch(bytes: Uint8Array, arrival: BatchArrival): Batch {
  const body = parseBody(bytes);
  const problem = findEnvelopeProblem(body);
  if (problem !== undefined) throw new BatchError(`The batch cannot be read: ${problem}.`);
  const envelope = body as Envelope & JsonObject;
  const { sdk, environment, release, service } = envelope;
  const rejected: Rejected[] = [];
  const spans: PlainSpan[] = [];
  const scores: ReceivedScore[] = [];
  envelope.spans?.forEach((span, index) => {
    const read = readSdkSpan(span, arrival);
    if (typeof read === 'string')
      rejected.push({ index, id: idOf(span, 'span_id'), reason: `spans[${index}]: ${read}` });
    else spans.push({ ...read, environment, release, service });
  });
  envelope.scores?.forEach((score, index) => {
    const read = readSdkScore(score, arrival);
    if (typeof read === 'string')
      rejected.push({ index, id: idOf(score, 'id'), reason: `scores[${index}]: ${read}` });
    else scores.push(read);
  });
  return { spans, scores, rejected, sdk: `${sdk.name}/${sdk.version}`, dropped: envelope.dropped ?? {} };
}

/** A span, or what is wrong with it. */
function readSdkSpan(value: Json, { receivedAtMs }: BatchArrival): PlainSpan | string {
  if (!isObject(value)) return 'it must be an object.';
  const problem = findSpanProblem(value);
  if (problem !== undefined) return `${problem}.`;
  const span = value as IngestSpan & JsonObject;
  try {
    checkStart('start_ms', span.start_ms, receivedAtMs);
    checkEnd('end_ms', span.end_ms, receivedAtMs);
  } catch (error) {
    if (error instanceof SpanError) return error.message;
    throw error;
  }
  return {
    source: 'sdk',
    traceId: span.trace_id,
    spanId: span.span_id,
    parentSpanId: span.parent_span_id ?? '',
    name: span.name,
    startedAtMs: span.start_ms,
    endedAtMs: Math.max(span.start_ms, span.end_ms),
    span,
    environment: undefined,
    release: undefined,
    service: undefined,
    traceName: undefined,
  };
}

function readSdkScore(value: Json, { receivedAtMs }: BatchArrival): ReceivedScore | string {
  if (!isObject(value)) return 'it must be an object.';
  const problem = findScoreProblem(value);
  if (problem !== undefined) return `${problem}.`;
  const score = value as IngestScore & JsonObject;
  return {
    scoreId: score.id,
    traceId: score.trace_id ?? '',
    spanId: score.span_id ?? '',
    sessionId: score.session_id ?? '',
    name: score.name,
    value: score.value,
    comment: score.comment ?? '',
    source: score.source ?? 'api',
    atMs: score.at_ms ?? receivedAtMs,
  };
}

function idOf(value: Json, field: string): string | undefined {
  const id = isObject(value) ? value[field] : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : undefined;
}
