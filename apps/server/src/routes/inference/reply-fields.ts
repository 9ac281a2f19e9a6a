import type { Decoration, Settled } from '@app/gateway';
import type { JsonObject } from '@app/protocol';
import type { Mode } from './routing-fields.ts';

/**
 * What chat replies say about their routing: the object `tokenrouter`, and beside it the fields that older SDKs read.
 * `/route` also answers with our own id.
 */
export function replyFields(mode: Mode | undefined, id: string | undefined): Decoration {
  return {
    wholeFields: (facts) => ({
      ...(id === undefined ? {} : { id }),
      ...olderFields(facts),
      tokenrouter: routingFields(facts, mode),
    }),
    ...(id === undefined ? {} : { frameFields: { id } }),
  };
}

/** The id under which `/route` shows a request. */
export function routeId(requestId: string): string {
  return `tr_${requestId}`;
}

function olderFields({ record, latencyMs }: Settled): JsonObject {
  return {
    cost_usd: usdOf(record.cost.nanos),
    latency_ms: Math.round(latencyMs),
    routed_model: record.model ?? null,
    routed_provider: record.provider ?? null,
    prompt_type: null,
    complexity: null,
  };
}

function routingFields({ record, mode, latencyMs }: Settled, asked: Mode | undefined): JsonObject {
  return {
    request_id: record.requestId,
    provider: record.provider ?? null,
    model: record.model ?? null,
    mode: asked ?? mode,
    reason: REASONS[mode],
    cost_usd: usdOf(record.cost.nanos),
    cost_label: record.cost.label,
    latency_ms: Math.round(latencyMs),
    ttft_ms: record.ttftMs === undefined ? null : Math.round(record.ttftMs),
    attempts: record.attempts.map(({ provider, model, outcome, status, errorCode }) => ({
      provider,
      model,
      outcome: outcome === 'failed' ? String(status ?? errorCode ?? outcome) : outcome,
    })),
    cache: 'off',
    prompt_cache: { read_tokens: record.usage.inputCacheRead ?? 0 },
    warnings: [],
    losses: record.losses.map(({ path, why }) => ({ path, why })),
    trace_id: record.traceId,
  };
}

const REASONS = {
  pinned: 'the call named this model',
  preferred: 'the first of the preferred models that answered',
  default: 'the first of the configured models that answered',
} as const;

/** A JSON number for the old SDKs; exact to the nano-dollar for any cost of one call. */
function usdOf(nanos: number): number {
  return nanos / 1_000_000_000;
}
