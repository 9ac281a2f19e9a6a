import { z } from 'zod';
import { Redactions, SpanType } from './span-type.ts';
import { Usage } from './traces.ts';

/** In which format a span's input and output are: a provider's request and reply, or whatever JSON was handed over. */
export const ContentDialect = z.enum([
  'openai-chat',
  'openai-responses',
  'openai-completions',
  'openai-embeddings',
  'anthropic-messages',
  'gemini',
  'ai-sdk',
  'json',
]);
export type ContentDialect = z.infer<typeof ContentDialect>;

const traceId = z
  .string()
  .regex(/^(?!0{32})[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits, not all 0');
const spanId = z
  .string()
  .regex(/^(?!0{16})[0-9a-f]{16}$/, 'must be 16 lower-case hexadecimal digits, not all 0');
const label = z.string().min(1).max(200);
/** Epoch milliseconds with a fraction. */
const atMs = z.number().min(0).max(253_402_300_799_999);

/** One span of our own SDK's batch. A span that comes again with the same ids replaces the earlier one. */
export const IngestSpan = z.strictObject({
  trace_id: traceId,
  span_id: spanId,
  parent_span_id: spanId.optional(),
  type: SpanType,
  name: label,
  start_ms: atMs,
  end_ms: atMs,
  outcome: z.enum(['ok', 'failed', 'cancelled']),
  error: z
    .strictObject({
      code: z.string().max(200).optional(),
      message: z.string().max(4_000).optional(),
      /** The HTTP status of the provider. */
      status: z.int().min(0).max(999).optional(),
    })
    .optional(),
  provider: label.optional(),
  /** The model that answered, and the one that was asked for. */
  model: label.optional(),
  model_asked: label.optional(),
  stream: z.boolean().optional(),
  /** Milliseconds from the start to the first token. */
  ttft_ms: z.number().min(0).optional(),
  /** Disjoint classes: no token is counted in two of them. */
  usage: Usage.optional(),
  /** The counts are the sender's own estimate. */
  usage_estimated: z.boolean().optional(),
  service_tier: z.string().max(64).optional(),
  finish_reason: z.string().max(64).optional(),
  tool_name: label.optional(),
  /** The provider's own id of the request. */
  request_id: z.string().max(200).optional(),
  /** `x-tokenrouter-request-id` of the reply: the call went through a gateway of ours, whose own record is priced. */
  gateway_request_id: z.string().max(200).optional(),
  dialect: ContentDialect.optional(),
  /** Absent when they were not captured. */
  input: z.json().optional(),
  output: z.json().optional(),
  user_id: z.string().max(256).optional(),
  session_id: z.string().max(256).optional(),
  tags: z.array(z.string().min(1).max(64)).max(50).optional(),
  prompt: z.strictObject({ name: label, version: z.string().max(64).optional() }).optional(),
  metadata: z.record(z.string().max(200), z.json()).optional(),
  redactions: Redactions.optional(),
});
export type IngestSpan = z.infer<typeof IngestSpan>;

/** A judgement about a trace, one of its spans, or a session. The same id again replaces it. */
export const IngestScore = z.strictObject({
  id: z.string().min(1).max(200),
  trace_id: traceId.optional(),
  span_id: spanId.optional(),
  session_id: z.string().max(256).optional(),
  name: label,
  value: z.union([z.number(), z.string().max(500), z.boolean()]),
  comment: z.string().max(4_000).optional(),
  source: z.enum(['user', 'evaluation', 'annotation', 'api']).default('api'),
  at_ms: atMs.optional(),
});
export type IngestScore = z.input<typeof IngestScore>;

/** Why a sender lost spans before they reached us. */
export const DropReason = z.enum([
  'queue_full',
  'too_large',
  'rejected',
  'unreachable',
  'redaction_failed',
  'sampled',
]);
export type DropReason = z.infer<typeof DropReason>;

/** The body of `POST /v1/ingest` as our own SDK sends it. */
export const IngestBatch = z.strictObject({
  sdk: z.strictObject({ name: label, version: z.string().max(64) }),
  environment: z.string().max(64).optional(),
  release: z.string().max(200).optional(),
  service: z.string().max(200).optional(),
  spans: z.array(IngestSpan).max(10_000).default([]),
  scores: z.array(IngestScore).max(10_000).default([]),
  /** Lost since the last batch that arrived, by reason. */
  dropped: z.partialRecord(DropReason, z.int().min(0)).optional(),
});
export type IngestBatch = z.input<typeof IngestBatch>;

/** What became of a batch: what was accepted is on the disk; what was not is named with the reason. */
export const IngestReceipt = z.object({
  accepted: z.int(),
  rejected: z.array(z.object({ index: z.int(), id: z.string().nullable(), reason: z.string() })),
});
export type IngestReceipt = z.infer<typeof IngestReceipt>;
