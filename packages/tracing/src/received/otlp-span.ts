import type { JsonObject } from '@app/protocol';
import { scrubUrls } from '../conventions/scrub-urls.ts';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { isSpanId, isTraceId } from './name-ids.ts';
import type { AttributedSpan, Batch } from './received-span.ts';
import { SpanError } from './span-error.ts';

/** What the spans of one scope of one resource share. */
export type OtlpOrigin = {
  resource: JsonObject;
  scope: AttributedSpan['scope'];
  schemaUrl: string;
};

/** A span as either encoding gives it: ids in hexadecimal, times in epoch milliseconds, 0 where none was told. */
export type OtlpFields = Pick<
  AttributedSpan,
  'statusCode' | 'statusMessage' | 'attributes' | 'events' | 'links' | 'traceId' | 'spanId' | 'parentSpanId'
> & {
  name: string;
  startMs: number;
  endMs: number;
  spanKind: number;
  traceState: string;
  dropped: { attributes?: number; events?: number; links?: number };
};

/** Makes a span of its fields. Throws a `SpanError` when it cannot be placed in a trace or in time. */
export function buildOtlpSpan(
  fields: OtlpFields,
  origin: OtlpOrigin,
  arrival: { receivedAtMs: number },
): AttributedSpan {
  const { startMs, endMs, spanKind, traceState, dropped, ...rest } = fields;
  if (!isTraceId(fields.traceId)) throw new SpanError('traceId must be 16 bytes, not all 0.');
  if (!isSpanId(fields.spanId)) throw new SpanError('spanId must be 8 bytes, not all 0.');
  // Some senders write a root's parent as zeros.
  const parentSpanId = /^0*$/.test(fields.parentSpanId) ? '' : fields.parentSpanId;
  if (parentSpanId !== '' && !isSpanId(parentSpanId)) throw new SpanError('parentSpanId must be 8 bytes.');
  checkStart('startTimeUnixNano', startMs, arrival.receivedAtMs);
  return {
    source: 'otlp',
    ...rest,
    attributes: scrubUrls(rest.attributes),
    ...origin,
    parentSpanId,
    startedAtMs: startMs,
    // A span that is not over yet has no end.
    endedAtMs: Math.max(startMs, checkEnd('endTimeUnixNano', endMs, arrival.receivedAtMs)),
    ...(spanKind === 0 ? {} : { spanKind }),
    ...(traceState === '' ? {} : { traceState }),
    ...(Object.keys(dropped).length === 0 ? {} : { dropped }),
  };
}

/** A span is filed under its start, so a start that cannot be true is refused. */
export function checkStart(field: string, startMs: number, receivedAtMs: number): void {
  const { ageMsMax, futureMsMax } = BATCH_BOUNDS;
  if (!(startMs >= receivedAtMs - ageMsMax && startMs <= receivedAtMs + futureMsMax))
    throw new SpanError(`${field} must lie between five years ago and a day from now.`);
}

export function checkEnd(field: string, endMs: number, receivedAtMs: number): number {
  if (endMs > receivedAtMs + BATCH_BOUNDS.futureMsMax)
    throw new SpanError(`${field} must not be later than a day from now.`);
  return endMs;
}

/** Takes one span into the batch, or says why not. */
export function takeSpan(batch: Batch, read: () => AttributedSpan, idOf: () => string | undefined): void {
  const index = batch.spans.length + batch.rejected.length;
  try {
    batch.spans.push(read());
  } catch (error) {
    if (!(error instanceof SpanError)) throw error;
    batch.rejected.push({ index, id: idOf(), reason: error.message });
  }
}

export function emptyBatch(): Batch {
  return { spans: [], scores: [], rejected: [], sdk: '', dropped: {} };
}

/** Who sent it, from the resource: the SDK of OpenTelemetry that made the spans. */
export function sdkOf(resource: JsonObject): string {
  const name = resource['telemetry.sdk.name'];
  const language = resource['telemetry.sdk.language'];
  const version = resource['telemetry.sdk.version'];
  if (typeof name !== 'string') return '';
  const full = typeof language === 'string' ? `${name}-${language}` : name;
  return `${full}/${typeof version === 'string' ? version : ''}`.slice(0, 200);
}
