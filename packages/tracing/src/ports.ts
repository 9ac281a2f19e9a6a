import type { SpanType } from '@app/contract';

/** One row of `spans`, as ClickHouse reads it from NDJSON. Times are RFC 3339 UTC with nanoseconds. */
export type SpanRow = {
  organization_id: string;
  project_id: string;
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  /** A later version of the same span replaces the earlier one. */
  version: number;
  /** A call that is counted and priced, a gateway's try at it, the same call as its caller saw it, or anything else. */
  kind: 'call' | 'attempt' | 'seen' | 'step';
  source: 'gateway' | 'sdk' | 'otlp' | 'langfuse' | 'events';
  type: SpanType;
  name: string;
  trace_name: string;
  request_id: string;
  /** Of the gateway's own row of the same call; empty where there is none. */
  gateway_request_id: string;
  key_id: string;
  mode: 'live' | 'test';
  environment: string;
  service: string;
  release: string;
  user_id: string;
  /** Empty where the caller named none. */
  session_id: string;
  route: string;
  dialect: string;
  stream: boolean;
  started_at: string;
  ended_at: string;
  duration_us: number;
  ttft_us: number | null;
  status: number;
  outcome: 'ok' | 'failed' | 'cancelled';
  error_code: string;
  error_message: string;
  provider: string;
  model: string;
  model_asked: string;
  /** Which of the provider's keys answered, never its secret; empty where that is plain. */
  credential: string;
  /** The key's labels and the call's own; empty for attempts. */
  tags: string[];
  prompt_name: string;
  prompt_version: string;
  /** Keyed digest of the system prompt, which is what a prompt without a name is known by; empty without one. */
  prompt_digest: string;
  tool_name: string;
  finish_reason: string;
  /** What limits did to the call, by id and name at that time; empty where they did nothing, and for attempts. */
  limit_refused: string;
  limit_refused_name: string;
  limit_routed: string;
  limit_routed_name: string;
  /** The cap on output tokens that limits lowered it to. */
  output_cap: number | null;
  input_fresh: number | null;
  input_cache_read: number | null;
  input_cache_read_audio: number | null;
  input_cache_read_image: number | null;
  input_cache_write: number | null;
  input_cache_write_1h: number | null;
  input_audio: number | null;
  input_image: number | null;
  output_text: number | null;
  output_thinking: number | null;
  output_audio: number | null;
  output_image: number | null;
  /** The queue that answered and the place, empty where they were not told. */
  service_tier: string;
  geo: string;
  /** JSON of how often tools ran at the provider; empty when none did. */
  tool_uses: string;
  sound_ms: number | null;
  /** Whether the counts are our own. */
  usage_estimated: boolean | null;
  cost_nanos: number;
  cost_label: 'exact' | 'estimated' | 'unknown' | 'sandbox';
  price_version: string;
  /** What the sender says it cost. */
  given_cost_nanos: number | null;
  /** JSON of the losses. */
  losses: string;
  capture: 'full' | 'redacted' | 'metadata';
  /** JSON of counts by type of what was taken out; empty when nothing was. */
  redactions: string;
  /** The request body as JSON text with each message replaced by `{"$content": "<digest>"}`; empty when not captured. */
  request: string;
  /** The reply as JSON text in the same form; empty when not captured. */
  reply: string;
  /** What was received, in the same form; empty for the gateway's own. */
  attributes: string;
  /** By which convention, and which version of our mapping, the columns were filled. */
  convention: string;
  mapping_version: number;
  received_at: string;
  /** Digests that `request`, `reply` and `attributes` refer to. */
  content_digests: string[];
  input_preview: string;
  output_preview: string;
};

/** A row without what is empty in it: what is left out is stored as empty, as `emptySpanRow` tells. */
export type FilledColumns = Partial<SpanRow> &
  Pick<
    SpanRow,
    'project_id' | 'trace_id' | 'span_id' | 'kind' | 'source' | 'type' | 'started_at' | 'ended_at'
  >;

/** One message content, stored once per project whatever the number of calls that carry it. */
export type ContentRow = { project_id: string; digest: string; content: string; stored_at: string };

/** Which load told of it is written when its token is known. */
export type TraceIndexRow = { project_id: string; trace_id: string; first_at: string; last_at: string };

/** A judgement; the same id within a trace again replaces it. */
export type ScoreRow = {
  project_id: string;
  trace_id: string;
  span_id: string;
  session_id: string;
  score_id: string;
  version: number;
  name: string;
  /** A number, or 1 and 0 for yes and no; null for a category. */
  value: number | null;
  /** A category, or `true` and `false`; empty for a number. */
  text_value: string;
  comment: string;
  source: string;
  author: string;
  at: string;
};

/** Spans that never became rows. */
export type LossRow = {
  project_id: string;
  key_id: string;
  source: string;
  sdk: string;
  reason: string;
  spans: number;
  at: string;
};

/** What one message said of a span; the span's row is made of all of them. */
export type PartRow = {
  project_id: string;
  trace_id: string;
  span_id: string;
  /** Epoch milliseconds: of two parts that name the same column the later counts. */
  part_at: number;
  part_id: string;
  /** JSON of the columns that it knows, as in `SpanRow`. */
  row: string;
};

/** Which call of the gateway stands behind which span of a caller. */
export type GatewayCallRow = {
  project_id: string;
  trace_id: string;
  parent_span_id: string;
  request_id: string;
  started_at: string;
};

/** A span whose sender says which call of the gateway it was. */
export type GatewayClaimRow = {
  project_id: string;
  request_id: string;
  trace_id: string;
  span_id: string;
  started_at: string;
};

/** What a load touched, for what is put together once it is stored. */
export type TouchedRow = {
  token: string;
  project_id: string;
  /** A trace with received spans, a call of the gateway, or a span that came in parts. */
  what: 'trace' | 'gateway_trace' | 'call' | 'part';
  trace_id: string;
  span_id: string;
  request_id: string;
};

/** Tables that only spans from outside, and the calls that meet them, write to. */
export const RECEIVED_TABLES = [
  'scores',
  'losses',
  'parts',
  'gatewayCalls',
  'gatewayClaims',
  'touched',
] as const;
export type ReceivedTable = (typeof RECEIVED_TABLES)[number];

/** A sealed segment, ready to insert: NDJSON of each table. */
export type LoadedSegment = {
  /** The same for every try at the same segment, so that a repeat changes nothing. */
  token: string;
  spans: Buffer;
  contents: Buffer;
  traceIndex: Buffer;
  /** Absent where there is nothing. */
  received?: { [table in ReceivedTable]?: Buffer };
};

/** Hears of one row that the trace store will never take, and by which of its codes. */
export type OnRefused = (refused: { table: string; code: string }) => void;

/**
 * Inserts a segment. Rejects when the trace store does not answer; the segment is then tried again. Rows that it refuses for
 * what they are are told and left out; without anybody to tell, they make it reject.
 */
export type LoadSegment = (segment: LoadedSegment, onRefused?: OnRefused) => Promise<void>;
