import type { BilledSpan } from '../repricing.ts';

/** Columns that a call is priced by, and those that the price gave. 64-bit integers arrive as text. */
export const billedColumns = `trace_id, span_id, parent_span_id, kind, version, provider, model,
  toUnixTimestamp64Nano(started_at) AS started_nanos, toUnixTimestamp64Nano(ended_at) AS ended_nanos,
  toUnixTimestamp(toStartOfHour(started_at)) AS hour_s, input_fresh, input_cache_read, input_cache_read_audio,
  input_cache_read_image, input_cache_write, input_cache_write_1h, input_audio, input_image, output_text,
  output_thinking, output_audio, output_image, service_tier, geo, tool_uses, sound_ms, usage_estimated,
  cost_nanos, cost_label, price_version, source != 'gateway' AS is_received`;

const classes = [
  ['inputFresh', 'input_fresh'],
  ['inputCacheRead', 'input_cache_read'],
  ['inputCacheReadAudio', 'input_cache_read_audio'],
  ['inputCacheReadImage', 'input_cache_read_image'],
  ['inputCacheWrite', 'input_cache_write'],
  ['inputCacheWrite1h', 'input_cache_write_1h'],
  ['inputAudio', 'input_audio'],
  ['inputImage', 'input_image'],
  ['outputText', 'output_text'],
  ['outputThinking', 'output_thinking'],
  ['outputAudio', 'output_audio'],
  ['outputImage', 'output_image'],
] as const;

export type BilledRow = {
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  kind: 'call' | 'attempt';
  version: string;
  provider: string;
  model: string;
  started_nanos: string;
  ended_nanos: string;
  hour_s: number;
  service_tier: string;
  geo: string;
  tool_uses: string;
  sound_ms: string | null;
  usage_estimated: boolean | null;
  cost_nanos: string;
  cost_label: BilledSpan['cost']['label'];
  price_version: string;
  /** 1 for true. */
  is_received: number;
} & { [column in (typeof classes)[number][1]]: string | null };

export function readBilledSpan(row: BilledRow): BilledSpan {
  const usage: BilledSpan['usage'] = {};
  for (const [tokenClass, column] of classes) {
    const tokens = row[column];
    if (tokens !== null) usage[tokenClass] = Number(tokens);
  }
  const billing: BilledSpan['billing'] = {};
  if (row.service_tier !== '') billing.serviceTier = row.service_tier;
  if (row.geo !== '') billing.geo = row.geo;
  if (row.tool_uses !== '') billing.toolUses = JSON.parse(row.tool_uses);
  if (row.sound_ms !== null) billing.soundMs = Number(row.sound_ms);
  // A call from before it was kept: what was an estimate stays one.
  if (row.usage_estimated ?? row.cost_label === 'estimated') billing.estimated = true;
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    provider: row.provider,
    model: row.model,
    startedNanos: row.started_nanos,
    version: Number(row.version),
    ...(row.is_received === 1 ? { isReceived: true } : {}),
    usage,
    billing,
    cost: { nanos: Number(row.cost_nanos), label: row.cost_label, priceVersion: row.price_version },
  };
}
