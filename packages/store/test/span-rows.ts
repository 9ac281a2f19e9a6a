import type { ContentRow, LoadedSegment, SpanRow, TraceIndexRow } from '@app/tracing';

/** A call that went well; `changes` say what is special about it. */
export function spanRow(changes: Partial<SpanRow> = {}): SpanRow {
  return { ...PLAIN, ...changes };
}

const PLAIN: SpanRow = {
  organization_id: 'org_1',
  project_id: 'proj_1',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  span_id: 'b7ad6b7169203331',
  parent_span_id: '',
  version: 1,
  source: 'gateway',
  type: 'generation',
  trace_name: '',
  gateway_request_id: '',
  service: '',
  release: '',
  prompt_name: '',
  prompt_version: '',
  prompt_digest: '',
  tool_name: '',
  finish_reason: '',
  given_cost_nanos: null,
  redactions: '',
  attributes: '',
  convention: '',
  mapping_version: 0,
  received_at: '1970-01-01T00:00:00.000Z',
  kind: 'call',
  name: '/v1/chat/completions',
  request_id: 'req_1',
  key_id: 'key_1',
  mode: 'live',
  environment: 'production',
  user_id: '',
  session_id: '',
  route: '/v1/chat/completions',
  dialect: 'openai-chat',
  stream: false,
  started_at: '2026-05-01T10:00:00.000000000Z',
  ended_at: '2026-05-01T10:00:00.812345000Z',
  duration_us: 812345,
  ttft_us: 240100,
  status: 200,
  outcome: 'ok',
  error_code: '',
  error_message: '',
  provider: 'openai',
  model: 'gpt-5',
  model_asked: 'gpt-5',
  credential: '',
  tags: [],
  limit_refused: '',
  limit_refused_name: '',
  limit_routed: '',
  limit_routed_name: '',
  output_cap: null,
  input_fresh: 12,
  input_cache_read: null,
  input_cache_read_audio: null,
  input_cache_read_image: null,
  input_cache_write: null,
  input_cache_write_1h: null,
  input_audio: null,
  input_image: null,
  output_text: 30,
  output_thinking: null,
  output_audio: null,
  output_image: null,
  service_tier: '',
  geo: '',
  tool_uses: '',
  sound_ms: null,
  usage_estimated: false,
  cost_nanos: 1_230_000,
  cost_label: 'exact',
  price_version: '2026-04-01',
  losses: '[]',
  capture: 'metadata',
  request: '',
  reply: '',
  content_digests: [],
  input_preview: '',
  output_preview: '',
};

/** Ids and times that grow with `index`, one second apart. */
export function numberedSpan(index: number, changes: Partial<SpanRow> = {}): SpanRow {
  const at = new Date(Date.UTC(2026, 4, 1) + index * 1000).toISOString();
  return spanRow({
    trace_id: index.toString(16).padStart(32, '0'),
    span_id: index.toString(16).padStart(16, '0'),
    request_id: `req_${index}`,
    started_at: at,
    ended_at: at,
    ...changes,
  });
}

/** A segment as tracing's loader hands it over, with the index rows that belong to its spans. */
export function segment(
  token: string,
  spans: readonly SpanRow[],
  contents: readonly ContentRow[] = [],
): LoadedSegment {
  const traceIndex = spans.map((span): TraceIndexRow & { first_token: string; last_token: string } => ({
    project_id: span.project_id,
    trace_id: span.trace_id,
    first_at: span.started_at,
    last_at: span.ended_at,
    first_token: token,
    last_token: token,
  }));
  return { token, spans: ndjson(spans), contents: ndjson(contents), traceIndex: ndjson(traceIndex) };
}

export function ndjson(rows: readonly object[]): Buffer {
  return Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
