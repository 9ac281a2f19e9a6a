import type { Json } from './json-value.ts';
import type { ContentDialect, SpanType } from './tracer.ts';
import type { SpanOutcome, WireError, WireScore, WireSpan, WireUsage } from './wire-span.ts';

const TYPES: ReadonlySet<unknown> = new Set<SpanType>([
  'generation',
  'embedding',
  'image',
  'audio',
  'moderation',
  'rerank',
  'agent',
  'chain',
  'tool',
  'retriever',
  'guardrail',
  'evaluator',
  'event',
  'span',
]);
const DIALECTS: ReadonlySet<unknown> = new Set<ContentDialect>([
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'openai-embeddings',
  'anthropic-messages',
  'gemini',
  'ai-sdk',
  'json',
]);
const OUTCOMES: ReadonlySet<unknown> = new Set<SpanOutcome>(['ok', 'failed', 'cancelled']);
const SOURCES: ReadonlySet<unknown> = new Set(['user', 'evaluation', 'annotation', 'api']);
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const REDACTION_TYPE = /^[A-Z][A-Z0-9_]{0,31}$/;
const AT_MS_MAX = 253_402_300_799_999;
const TAGS_MAX = 50;

/**
 * The span as the wire contract wants it, whatever the app or its `redact` made of it: too long texts are cut, what is
 * of the wrong kind becomes undefined, which JSON leaves out, unknown fields go. Undefined when there are no ids or times to tell it by.
 */
export function fitSpan(span: WireSpan): WireSpan | undefined {
  const ids = fitIds(span);
  const [startMs, endMs] = [timeOf(span.start_ms), timeOf(span.end_ms)];
  if (ids.trace_id === undefined || ids.span_id === undefined) return undefined;
  if (startMs === undefined || endMs === undefined) return undefined;
  const parentId = span.parent_span_id;
  const fitted: WireSpan = {
    trace_id: ids.trace_id,
    span_id: ids.span_id,
    parent_span_id: typeof parentId === 'string' && SPAN_ID.test(parentId) ? parentId : undefined,
    type: TYPES.has(span.type) ? span.type : 'span',
    name: textOf(span.name, 200) || 'span',
    start_ms: startMs,
    end_ms: Math.max(startMs, endMs),
    outcome: OUTCOMES.has(span.outcome) ? span.outcome : 'ok',
    error: fitError(span.error),
    input: span.input,
    output: span.output,
    redactions: fitRedactions(span.redactions),
  };
  fitCall(span, fitted);
  fitLabels(span, fitted);
  return fitted;
}

/** The score as the wire contract wants it; undefined when it has no name or no value. */
export function fitScore(score: WireScore): WireScore | undefined {
  const { trace_id, span_id } = fitIds(score);
  const name = textOf(score.name, 200);
  const value = typeof score.value === 'string' ? score.value.slice(0, 500) : score.value;
  if (!name || !(typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)))
    return undefined;
  return {
    id: textOf(score.id, 200) || `${trace_id ?? ''}${name}`.slice(0, 200),
    ...put('trace_id', trace_id),
    ...put('span_id', span_id),
    ...put('session_id', textOf(score.session_id, 256)),
    name,
    value,
    ...put('comment', textOf(score.comment, 4_000)),
    ...put('source', SOURCES.has(score.source) ? score.source : undefined),
    ...put('at_ms', timeOf(score.at_ms)),
  };
}

function fitIds(from: { trace_id?: unknown; span_id?: unknown }): { trace_id?: string; span_id?: string } {
  return {
    ...(typeof from.trace_id === 'string' && TRACE_ID.test(from.trace_id) && { trace_id: from.trace_id }),
    ...(typeof from.span_id === 'string' && SPAN_ID.test(from.span_id) && { span_id: from.span_id }),
  };
}

function fitCall(span: WireSpan, fitted: WireSpan): void {
  fitted.provider = textOf(span.provider, 200) || undefined;
  fitted.model = textOf(span.model, 200) || undefined;
  fitted.model_asked = textOf(span.model_asked, 200) || undefined;
  fitted.stream = typeof span.stream === 'boolean' ? span.stream : undefined;
  fitted.ttft_ms = timeOf(span.ttft_ms);
  fitted.usage = fitUsage(span.usage);
  fitted.usage_estimated = typeof span.usage_estimated === 'boolean' ? span.usage_estimated : undefined;
  fitted.service_tier = textOf(span.service_tier, 64);
  fitted.finish_reason = textOf(span.finish_reason, 64);
  fitted.tool_name = textOf(span.tool_name, 200) || undefined;
  fitted.request_id = textOf(span.request_id, 200);
  fitted.gateway_request_id = textOf(span.gateway_request_id, 200);
  fitted.dialect = DIALECTS.has(span.dialect) ? span.dialect : undefined;
}

function fitLabels(span: WireSpan, fitted: WireSpan): void {
  const tags = Array.isArray(span.tags) ? span.tags.flatMap((tag) => textOf(tag, 64) || []) : [];
  const promptName = textOf(span.prompt?.name, 200);
  fitted.user_id = textOf(span.user_id, 256) || undefined;
  fitted.session_id = textOf(span.session_id, 256) || undefined;
  fitted.tags = tags.length > 0 ? tags.slice(0, TAGS_MAX) : undefined;
  fitted.prompt = promptName ? { name: promptName, version: textOf(span.prompt?.version, 64) } : undefined;
  fitted.metadata = fitMetadata(span.metadata);
}

function fitMetadata(metadata: WireSpan['metadata']): WireSpan['metadata'] {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return undefined;
  const fields: [string, Json][] = Object.entries(metadata).map(([name, value]) => [
    name.slice(0, 200),
    value,
  ]);
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

function fitRedactions(redactions: WireSpan['redactions']): WireSpan['redactions'] {
  if (typeof redactions !== 'object' || redactions === null) return undefined;
  return Object.fromEntries(
    Object.entries(redactions).filter(
      ([type, count]) => REDACTION_TYPE.test(type) && Number.isInteger(count),
    ),
  );
}

function fitError(error: WireError | undefined): WireError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const status = error.status;
  const isStatus = Number.isInteger(status) && Number(status) >= 0 && Number(status) <= 999;
  return {
    ...put('code', textOf(error.code, 200)),
    ...put('message', textOf(error.message, 4_000)),
    ...put('status', isStatus ? status : undefined),
  };
}

function fitUsage(usage: WireUsage | undefined): WireUsage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const known = USAGE_FIELDS.filter((name) => Number.isSafeInteger(usage[name]));
  return known.length > 0 ? Object.fromEntries(known.map((name) => [name, usage[name]])) : undefined;
}

const USAGE_FIELDS = [
  'input_fresh',
  'input_cache_read',
  'input_cache_write',
  'input_cache_write_1h',
  'input_cache_read_audio',
  'input_cache_read_image',
  'input_audio',
  'input_image',
  'output_text',
  'output_thinking',
  'output_audio',
  'output_image',
] as const satisfies readonly (keyof WireUsage)[];

/** A number is written as text: an app's user ids often are numbers. */
function textOf(value: unknown, lengthMax: number): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, lengthMax) : undefined;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0)) return undefined;
  return Math.min(value, AT_MS_MAX);
}

function put<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [name in K]?: V };
}
