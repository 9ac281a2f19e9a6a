import type { IngestSpan } from '@app/contract';
import { isObject, type Json, type JsonObject } from '@app/protocol';
import { BATCH_BOUNDS } from './batch-bounds.ts';
import { BatchError } from './batch-error.ts';
import { spanIdOf, traceIdOf } from './name-ids.ts';
import { checkStart } from './otlp-span.ts';
import { ownFields, ownJson } from './own-json.ts';
import { parseBody } from './parse-body.ts';
import type { Batch, BatchArrival, PlainSpan } from './received-span.ts';
import { SpanError } from './span-error.ts';
import { countOf, cut, textAt, timeOf } from './text-at.ts';

/**
 * Reads what `tokentrace-sdk` 1.0.0 sends: `{events: [...]}`, one event for each call that succeeded. An event's ids
 * follow from its own id, so that one that is sent twice is one span.
 */
export function readEventsBatch(bytes: Uint8Array, arrival: BatchArrival): Batch {
  const { events } = parseBody(bytes);
  if (!Array.isArray(events)) throw new BatchError('events must be a list.');
  if (events.length > BATCH_BOUNDS.spansMax)
    throw new BatchError(`A batch may hold ${BATCH_BOUNDS.spansMax} events.`);
  const batch: Batch = { spans: [], scores: [], rejected: [], sdk: 'tokentrace-sdk/1', dropped: {} };
  events.forEach((event, index) => {
    try {
      batch.spans.push(readEvent(event, arrival));
    } catch (error) {
      if (!(error instanceof SpanError)) throw error;
      const id = isObject(event) ? textAt(event, ['id'], 200) : undefined;
      batch.rejected.push({ index, id, reason: `events[${index}]: ${error.message}` });
    }
  });
  return batch;
}

function readEvent(event: Json, { receivedAtMs }: BatchArrival): PlainSpan {
  if (!isObject(event)) throw new SpanError('it must be an object.');
  const id = textAt(event, ['id'], 1_000);
  if (id === undefined) throw new SpanError('id must be a text.');
  const meta = isObject(event.meta) ? event.meta : {};
  const traceId = traceIdOf(textAt(meta, ['traceId', 'trace_id'], 1_000) ?? id);
  const latencyMs = typeof event.latencyMs === 'number' ? Math.max(0, event.latencyMs) : 0;
  // The event is made when the call is over.
  const endMs = timeOf(event.ts);
  if (endMs === undefined) throw new SpanError('ts must be a time.');
  const startMs = endMs - latencyMs;
  checkStart('ts', startMs, receivedAtMs);
  checkStart('ts', endMs, receivedAtMs);
  const model = textAt(event, ['model'], 200);
  const span: IngestSpan = {
    trace_id: traceId,
    span_id: spanIdOf(id),
    type: 'generation',
    name: model ?? 'generation',
    start_ms: startMs,
    end_ms: endMs,
    outcome: 'ok',
    ...usageOf(event),
    ...wordsOf(event, meta),
    ...(model === undefined ? {} : { model }),
  };
  return {
    source: 'events',
    ...{ traceId, spanId: span.span_id, parentSpanId: '', name: span.name },
    ...{ startedAtMs: startMs, endedAtMs: endMs, span },
    environment: textAt(meta, ['env', 'environment'], 64) ?? textAt(event, ['env', 'environment'], 64),
    release: textAt(meta, ['release', 'version'], 200),
    service: textAt(meta, ['service'], 200) ?? textAt(event, ['service'], 200),
    traceName: undefined,
  };
}

/** What Anthropic counts as input leaves out what it cached; everyone else's includes it. */
function usageOf(event: JsonObject): Pick<IngestSpan, 'usage' | 'usage_estimated'> {
  const [input, cached, output] = [event.inputTokens, event.cachedInputTokens, event.outputTokens].map(
    countOf,
  );
  const usage: NonNullable<IngestSpan['usage']> = {};
  const isApart = event.provider === 'anthropic';
  if (cached !== undefined) usage.input_cache_read = cached;
  if (input !== undefined) usage.input_fresh = isApart ? input : input - (cached ?? 0);
  if (output !== undefined) usage.output_text = output;
  if ((usage.input_fresh ?? 0) >= 0) return { usage };
  return { usage: { ...usage, input_fresh: 0 }, usage_estimated: true };
}

function wordsOf(event: JsonObject, meta: JsonObject): Partial<IngestSpan> {
  const provider = textAt(event, ['provider'], 200);
  const name = textAt(meta, ['promptId', 'prompt_id', 'promptName'], 200);
  const version = textAt(meta, ['promptVersion', 'prompt_version'], 64);
  const user = textAt(meta, ['userId', 'user_id', 'user'], 256);
  const session = textAt(meta, ['sessionId', 'session_id'], 256);
  const { input, output, promptHash } = event;
  const tags = Array.isArray(meta.tags)
    ? meta.tags.filter((tag) => typeof tag === 'string' && tag !== '').slice(0, 50)
    : [];
  const more = promptHash === undefined ? meta : { ...meta, promptHash };
  return {
    dialect: 'json',
    ...(provider === undefined ? {} : { provider }),
    ...(input === undefined ? {} : { input: ownJson(Array.isArray(input) ? { messages: input } : input) }),
    ...(output === undefined ? {} : { output: ownJson(output) }),
    ...(name === undefined ? {} : { prompt: { name, ...(version === undefined ? {} : { version }) } }),
    ...(user === undefined ? {} : { user_id: user }),
    ...(session === undefined ? {} : { session_id: session }),
    ...(tags.length === 0 ? {} : { tags: tags.map((tag) => cut(String(tag), 64)) }),
    ...(Object.keys(more).length === 0 ? {} : { metadata: ownFields(more) }),
  };
}
