import { z } from 'zod';
import { Money } from './money.ts';
import { Score } from './scores.ts';
import { Redactions, SpanType } from './span-type.ts';
import { CostLabel, Span, SpanSource } from './traces.ts';

/** A span as the tree and the timeline of a trace show it: small, because a trace may have tens of thousands. */
export const TreeSpan = z.object({
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  kind: Span.shape.kind,
  type: SpanType,
  source: SpanSource,
  name: z.string(),
  /** Microseconds after the first span of the trace began. */
  offset_us: z.int(),
  duration_us: z.int(),
  ttft_us: z.int().nullable(),
  outcome: Span.shape.outcome,
  model: z.string().nullable(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  /** Of this span alone; what is below it adds up on its own. */
  cost_nanos: z.int(),
  cost_label: CostLabel,
});
export type TreeSpan = z.infer<typeof TreeSpan>;

/** All spans of a trace in order of their start, without content. */
export const TraceTree = z.object({
  trace_id: z.string(),
  /** The name of its first root. */
  name: z.string(),
  started_at: z.iso.datetime(),
  duration_us: z.int(),
  span_count: z.int(),
  /** The trace has more spans than are shown. */
  is_cut: z.boolean(),
  cost: Money,
  input_tokens: z.int(),
  output_tokens: z.int(),
  user_id: z.string().nullable(),
  session_id: z.string().nullable(),
  environment: z.string(),
  release: z.string().nullable(),
  tags: z.array(z.string()),
  scores: z.array(Score),
  spans: z.array(TreeSpan),
});
export type TraceTree = z.infer<typeof TraceTree>;

/** One class of tokens, or one kind of fee, of a cost. */
export const CostLine = z.object({
  what: z.string(),
  count: z.number(),
  /** Dollars per million tokens, or per use. */
  rate: z.string(),
  cost: Money,
});

/** How a cost came about: it can be added up again by hand. */
export const CostEvidence = z.object({
  label: CostLabel,
  price_version: z.string(),
  lines: z.array(CostLine),
  /** What the sender says it cost; null when it says nothing. */
  given: Money.nullable(),
  /** Why this span has no cost of its own, in a sentence; null when it has. */
  note: z.string().nullable(),
});
export type CostEvidence = z.infer<typeof CostEvidence>;

/** One span with everything that is known of it. */
export const SpanDetails = Span.extend({
  trace_id: z.string(),
  trace_name: z.string().nullable(),
  request_id: z.string().nullable(),
  /** Of the gateway's own record of the same call. */
  gateway_request_id: z.string().nullable(),
  key_id: z.string(),
  model_asked: z.string().nullable(),
  route: z.string(),
  dialect: z.string(),
  stream: z.boolean(),
  environment: z.string(),
  service: z.string().nullable(),
  release: z.string().nullable(),
  user_id: z.string().nullable(),
  session_id: z.string().nullable(),
  tags: z.array(z.string()),
  prompt: z.object({ name: z.string(), version: z.string().nullable() }).nullable(),
  tool_name: z.string().nullable(),
  finish_reason: z.string().nullable(),
  losses: z.array(z.object({ path: z.string(), why: z.string() })),
  capture: z.enum(['full', 'redacted', 'metadata']),
  redactions: Redactions,
  evidence: CostEvidence,
  scores: z.array(Score),
  request: z.json().nullable(),
  reply: z.json().nullable(),
  /** What was received, as it came; null for the gateway's own. */
  attributes: z.json().nullable(),
  /** By which convention it was read, and with which version of our mapping. */
  convention: z.string().nullable(),
  mapping_version: z.int(),
  received_at: z.iso.datetime().nullable(),
});
export type SpanDetails = z.infer<typeof SpanDetails>;
