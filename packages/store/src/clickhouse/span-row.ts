import type { Redactions, Span, SpanSource, SpanType, TraceSummary } from '@app/contract';
import { writeMoney } from './write-money.ts';

/** Columns of a line of the trace list. 64-bit integers arrive as text, times in RFC 3339. */
export const summaryColumns = `trace_id, span_id, request_id, name, started_at,
  toUnixTimestamp64Nano(started_at) AS started_nanos, duration_us, ttft_us, status, error_code, stream, mode,
  environment, provider, model, model_asked, key_id, user_id, session_id, tags,
  limit_refused, limit_refused_name, limit_routed, limit_routed_name, output_cap,
  ifNull(input_fresh, 0) + ifNull(input_cache_read, 0) + ifNull(input_cache_read_audio, 0)
    + ifNull(input_cache_read_image, 0) + ifNull(input_cache_write, 0) + ifNull(input_cache_write_1h, 0)
    + ifNull(input_audio, 0) + ifNull(input_image, 0) AS input_tokens,
  ifNull(output_text, 0) + ifNull(output_thinking, 0) + ifNull(output_audio, 0)
    + ifNull(output_image, 0) AS output_tokens,
  cost_nanos, cost_label, input_preview, output_preview, type, source, parent_span_id, service, release,
  prompt_name, prompt_version, redactions`;

export type SummaryRow = {
  trace_id: string;
  span_id: string;
  request_id: string;
  name: string;
  started_at: string;
  started_nanos: string;
  duration_us: string;
  ttft_us: string | null;
  status: number;
  error_code: string;
  stream: boolean;
  mode: TraceSummary['mode'];
  environment: string;
  provider: string;
  model: string;
  model_asked: string;
  key_id: string;
  user_id: string;
  session_id: string;
  tags: string[];
  limit_refused: string;
  limit_refused_name: string;
  limit_routed: string;
  limit_routed_name: string;
  output_cap: string | null;
  input_tokens: string;
  output_tokens: string;
  cost_nanos: string;
  cost_label: TraceSummary['cost_label'];
  input_preview: string;
  output_preview: string;
  type: SpanType;
  source: SpanSource;
  parent_span_id: string;
  service: string;
  release: string;
  prompt_name: string;
  prompt_version: string;
  redactions: string;
};

export function readSummary(row: SummaryRow): TraceSummary {
  return {
    trace_id: row.trace_id,
    span_id: row.span_id,
    request_id: row.request_id,
    name: row.name,
    started_at: row.started_at,
    duration_ms: millis(row.duration_us),
    ttft_ms: row.ttft_us === null ? null : millis(row.ttft_us),
    status: row.status,
    error_code: row.error_code || null,
    stream: row.stream,
    mode: row.mode,
    environment: row.environment,
    provider: row.provider || null,
    model: row.model || null,
    model_asked: row.model_asked || null,
    key_id: row.key_id,
    user_id: row.user_id || null,
    session_id: row.session_id || null,
    tags: row.tags,
    limits: readLimits(row),
    input_tokens: Number(row.input_tokens),
    output_tokens: Number(row.output_tokens),
    cost: writeMoney(row.cost_nanos),
    cost_label: row.cost_label,
    input_preview: row.input_preview,
    output_preview: row.output_preview,
    type: row.type,
    source: row.source,
    parent_span_id: row.parent_span_id || null,
    service: row.service || null,
    release: row.release || null,
    prompt: readPrompt(row),
    redactions: readRedactions(row.redactions),
  };
}

export function readPrompt(row: Pick<SummaryRow, 'prompt_name' | 'prompt_version'>) {
  return row.prompt_name === '' ? null : { name: row.prompt_name, version: row.prompt_version || null };
}

export function readRedactions(text: string): Redactions {
  if (text === '') return {};
  const counts: { [type: string]: number | string } = JSON.parse(text);
  // Sums are whole numbers of 64 bits, which arrive as text.
  return Object.fromEntries(Object.entries(counts).map(([type, count]) => [type, Number(count)]));
}

const usageColumns = [
  'input_fresh',
  'input_cache_read',
  'input_cache_read_audio',
  'input_cache_read_image',
  'input_cache_write',
  'input_cache_write_1h',
  'input_audio',
  'input_image',
  'output_text',
  'output_thinking',
  'output_audio',
  'output_image',
] as const;

/** Columns of a span within its trace, those of a summary included. */
export const spanColumns = `${summaryColumns}, kind, outcome, error_message, price_version, route,
  dialect, losses, capture, credential, service_tier, geo, tool_uses, ${usageColumns.join(', ')}`;

export type SpanRow = SummaryRow & { [column in (typeof usageColumns)[number]]: string | null } & {
  kind: Span['kind'];
  outcome: Span['outcome'];
  error_message: string;
  price_version: string;
  route: string;
  dialect: string;
  losses: string;
  capture: 'full' | 'redacted' | 'metadata';
  credential: string;
  service_tier: string;
  geo: string;
  tool_uses: string;
};

export function readSpan(row: SpanRow): Span {
  return {
    span_id: row.span_id,
    parent_span_id: row.parent_span_id || null,
    kind: row.kind,
    type: row.type,
    source: row.source,
    name: row.name,
    started_at: row.started_at,
    duration_ms: millis(row.duration_us),
    ttft_ms: row.ttft_us === null ? null : millis(row.ttft_us),
    status: row.status,
    outcome: row.outcome,
    error_code: row.error_code || null,
    error_message: row.error_message || null,
    provider: row.provider || null,
    model: row.model || null,
    credential: row.credential || null,
    usage: readUsage(row),
    service_tier: row.service_tier || null,
    geo: row.geo || null,
    tool_uses: readToolUses(row.tool_uses),
    cost: writeMoney(row.cost_nanos),
    cost_label: row.cost_label,
    price_version: row.price_version,
  };
}

/** A class of tokens that was not reported stays absent. */
function readUsage(row: SpanRow): Span['usage'] {
  const usage: Span['usage'] = {};
  for (const column of usageColumns) {
    const value = row[column];
    if (value !== null) usage[column] = Number(value);
  }
  return usage;
}

/** A limit that has no name is one that belongs to a key itself. */
function readLimits(row: SummaryRow): TraceSummary['limits'] {
  const refused = { id: row.limit_refused, name: row.limit_refused_name || null };
  const routed = { id: row.limit_routed, name: row.limit_routed_name || null };
  if (refused.id === '' && routed.id === '' && row.output_cap === null) return null;
  return {
    refused_by: refused.id === '' ? null : refused,
    routed_by: routed.id === '' ? null : routed,
    output_tokens_max: row.output_cap === null ? null : Number(row.output_cap),
  };
}

/** Tools by the name of each in the record. */
const tools = [
  ['webSearch', 'web_search'],
  ['webFetch', 'web_fetch'],
  ['fileSearch', 'file_search'],
  ['codeExecution', 'code_execution'],
  ['mapSearch', 'map_search'],
  ['socialSearch', 'social_search'],
  ['imageGeneration', 'image_generation'],
] as const;

function readToolUses(text: string): Span['tool_uses'] {
  const uses: Span['tool_uses'] = {};
  if (text === '') return uses;
  const counts: { [name: string]: number } = JSON.parse(text);
  for (const [name, shown] of tools) {
    const count = counts[name];
    if (count !== undefined) uses[shown] = count;
  }
  return uses;
}

function millis(micros: string): number {
  return Number(micros) / 1000;
}

export function readLosses(text: string): { path: string; why: string }[] {
  return text === '' ? [] : (JSON.parse(text) as { path: string; why: string }[]);
}
