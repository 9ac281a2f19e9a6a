import { z } from 'zod';
import { Money } from './money.ts';
import { Redactions, SpanType } from './span-type.ts';

export const CostLabel = z.enum(['exact', 'estimated', 'unknown', 'sandbox']);

/** Disjoint token classes; absent means not reported. */
export const Usage = z.object({
  input_fresh: z.int().optional(),
  input_cache_read: z.int().optional(),
  input_cache_write: z.int().optional(),
  input_cache_write_1h: z.int().optional(),
  input_cache_read_audio: z.int().optional(),
  input_cache_read_image: z.int().optional(),
  input_audio: z.int().optional(),
  input_image: z.int().optional(),
  output_text: z.int().optional(),
  output_thinking: z.int().optional(),
  output_audio: z.int().optional(),
  output_image: z.int().optional(),
});

/** How often tools ran at the provider; absent means that one did not. */
export const ToolUses = z.object({
  web_search: z.int().optional(),
  web_fetch: z.int().optional(),
  file_search: z.int().optional(),
  code_execution: z.int().optional(),
  map_search: z.int().optional(),
  social_search: z.int().optional(),
  image_generation: z.int().optional(),
});
export type ToolUses = z.infer<typeof ToolUses>;

/** A limit or budget as it was when the call was made; it may have been renamed or deleted since. */
const TraceLimit = z.object({
  id: z.string(),
  /** Null for what belongs to a key itself: `<key id>/requests`, `<key id>/concurrency`. */
  name: z.string().nullable(),
});

/** What limits did to a call. */
export const TraceLimits = z.object({
  refused_by: TraceLimit.nullable(),
  /** The budget that was spent and sent the call to another model. */
  routed_by: TraceLimit.nullable(),
  /** The cap on output tokens that was sent in the place of the caller's, or of none. */
  output_tokens_max: z.int().nullable(),
});
export type TraceLimits = z.infer<typeof TraceLimits>;

export const SpanSource = z.enum(['gateway', 'sdk', 'otlp', 'langfuse', 'events']);
export type SpanSource = z.infer<typeof SpanSource>;

/** One line of the trace list: a call with what a reader scans for. */
export const TraceSummary = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  request_id: z.string(),
  name: z.string(),
  started_at: z.iso.datetime(),
  duration_ms: z.number(),
  ttft_ms: z.number().nullable(),
  status: z.int(),
  error_code: z.string().nullable(),
  stream: z.boolean(),
  mode: z.enum(['live', 'test']),
  environment: z.string(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  model_asked: z.string().nullable(),
  key_id: z.string(),
  user_id: z.string().nullable(),
  session_id: z.string().nullable().optional(),
  /** The key's labels and the call's own. */
  tags: z.array(z.string()),
  type: SpanType.optional(),
  /** Who told us of it: the gateway itself, our SDK, OpenTelemetry, or another tracer's SDK. */
  source: SpanSource.optional(),
  parent_span_id: z.string().nullable().optional(),
  service: z.string().nullable().optional(),
  release: z.string().nullable().optional(),
  prompt: z.object({ name: z.string(), version: z.string().nullable() }).nullable().optional(),
  /** For a whole trace: how many spans it has, and how many of them failed. */
  span_count: z.int().optional(),
  failed_count: z.int().optional(),
  /** What was taken out before it was stored, by type. */
  redactions: Redactions.optional(),
  /** Null when limits did nothing to it. */
  limits: TraceLimits.nullable(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: Money,
  cost_label: CostLabel,
  /** The first characters of the last user message and of the reply; empty when content is not captured. */
  input_preview: z.string(),
  output_preview: z.string(),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const TraceList = z.object({ data: z.array(TraceSummary), next_cursor: z.string().nullable() });
export type TraceList = z.infer<typeof TraceList>;

export const TraceSearch = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  model: z.string().max(200).optional(),
  provider: z.string().max(200).optional(),
  status: z.enum(['ok', 'error']).optional(),
  mode: z.enum(['live', 'test']).optional(),
  environment: z.string().max(64).optional(),
  key_id: z.string().max(64).optional(),
  user_id: z.string().max(256).optional(),
  session: z.string().max(256).optional(),
  tag: z.string().max(64).optional(),
  /** The id of the limit or budget that refused the call. */
  limit_id: z.string().max(128).optional(),
  /** A piece of a trace id, request id, model, error, or of what was asked and answered. */
  search: z.string().max(200).optional(),
  /** An expression of the filter language; what it says and the fields above must all hold. */
  filter: z.string().max(4_000).optional(),
  /** What a line is: one call of a model (unless told otherwise), a whole trace, or any span. */
  of: z.enum(['calls', 'traces', 'spans']).optional(),
});
export type TraceSearch = z.infer<typeof TraceSearch>;

export const Span = z.object({
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  /** A call that is counted, a try of the gateway at it, the same call as its caller saw it, or a step around calls. */
  kind: z.enum(['call', 'attempt', 'seen', 'step']),
  type: SpanType.optional(),
  source: SpanSource.optional(),
  name: z.string(),
  started_at: z.iso.datetime(),
  duration_ms: z.number(),
  ttft_ms: z.number().nullable(),
  status: z.int(),
  outcome: z.enum(['ok', 'failed', 'cancelled']),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  /** Which of the provider's keys answered: its id, or `inline` for the caller's own; null where there is only one. */
  credential: z.string().nullable(),
  usage: Usage,
  /** The queue that answered and the place, where the provider told them. */
  service_tier: z.string().nullable(),
  geo: z.string().nullable(),
  tool_uses: ToolUses,
  cost: Money,
  cost_label: CostLabel,
  price_version: z.string(),
});
export type Span = z.infer<typeof Span>;

export const Trace = z.object({
  trace_id: z.string(),
  summary: TraceSummary,
  route: z.string(),
  dialect: z.string(),
  losses: z.array(z.object({ path: z.string(), why: z.string() })),
  spans: z.array(Span),
  capture: z.enum(['full', 'redacted', 'metadata']),
  /** The request body as it came; null when content is not captured. */
  request: z.json().nullable(),
  /** What was produced: parts of text, thinking and tool calls; null when nothing came or content is not captured. */
  reply: z.json().nullable(),
  /** How many spans there are; `spans` holds the first of them. */
  span_count: z.int().optional(),
});
export type Trace = z.infer<typeof Trace>;
