import type { Json } from './json-value.ts';
import type { ContentDialect, DropReason, SpanType } from './tracer.ts';

/** Tokens as they are sent: the classes of `TokenUsage` under the wire's names. */
export type WireUsage = {
  input_fresh?: number | undefined;
  input_cache_read?: number | undefined;
  input_cache_write?: number | undefined;
  input_cache_write_1h?: number | undefined;
  input_cache_read_audio?: number | undefined;
  input_cache_read_image?: number | undefined;
  input_audio?: number | undefined;
  input_image?: number | undefined;
  output_text?: number | undefined;
  output_thinking?: number | undefined;
  output_audio?: number | undefined;
  output_image?: number | undefined;
};

export type SpanOutcome = 'ok' | 'failed' | 'cancelled';

export type WireError = {
  code?: string | undefined;
  message?: string | undefined;
  status?: number | undefined;
};

/** One span as it leaves the process. Source: `IngestSpan` of the wire contract, docs/wire-contract.md. */
export type WireSpan = {
  trace_id: string;
  span_id: string;
  parent_span_id?: string | undefined;
  type: SpanType;
  name: string;
  start_ms: number;
  end_ms: number;
  outcome: SpanOutcome;
  error?: WireError | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  model_asked?: string | undefined;
  stream?: boolean | undefined;
  ttft_ms?: number | undefined;
  usage?: WireUsage | undefined;
  usage_estimated?: boolean | undefined;
  service_tier?: string | undefined;
  finish_reason?: string | undefined;
  tool_name?: string | undefined;
  request_id?: string | undefined;
  gateway_request_id?: string | undefined;
  dialect?: ContentDialect | undefined;
  input?: Json | undefined;
  output?: Json | undefined;
  user_id?: string | undefined;
  session_id?: string | undefined;
  tags?: string[] | undefined;
  prompt?: { name: string; version?: string | undefined } | undefined;
  metadata?: { [name: string]: Json } | undefined;
  redactions?: { [type: string]: number } | undefined;
};

export type WireScore = {
  id: string;
  trace_id?: string | undefined;
  span_id?: string | undefined;
  session_id?: string | undefined;
  name: string;
  value: number | string | boolean;
  comment?: string | undefined;
  source?: 'user' | 'evaluation' | 'annotation' | 'api' | undefined;
  at_ms?: number | undefined;
};

/** The body of `POST /v1/ingest`. */
export type WireBatch = {
  sdk: { name: string; version: string };
  environment?: string | undefined;
  release?: string | undefined;
  service?: string | undefined;
  spans?: WireSpan[] | undefined;
  scores?: WireScore[] | undefined;
  dropped?: { [reason in DropReason]?: number } | undefined;
};
