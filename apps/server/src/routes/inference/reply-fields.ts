import type { Decoration, Settled } from '@app/gateway';
import type { JsonObject } from '@app/protocol';
import type { Mode } from './routing-fields.ts';

/**
 * What chat replies say about their routing: the object `tokenrouter`, and beside it the fields that older SDKs read.
 * `/route` also answers with our own id.
 */
export function replyFields(input: ReplyFieldsInput): Decoration {
  const { id } = input;
  return {
    wholeFields: (facts) => ({
      ...(id === undefined ? {} : { id }),
      ...olderFields(facts),
      tokenrouter: routingFields(facts, input),
    }),
    ...(id === undefined ? {} : { frameFields: { id } }),
  };
}

/** `id` replaces the provider's. What was lost is told unless the caller said that it does not matter. */
export type ReplyFieldsInput = { mode: Mode | undefined; id: string | undefined; tellsLosses: boolean };

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
    service_tier: record.reply?.serviceTier ?? null,
    prompt_type: null,
    complexity: null,
  };
}

function routingFields(
  { record, mode, latencyMs, warnings = [] }: Settled,
  asked: ReplyFieldsInput,
): JsonObject {
  const { tellsLosses } = asked;
  return {
    request_id: record.requestId,
    provider: record.provider ?? null,
    model: record.model ?? null,
    mode: asked.mode ?? mode,
    // Every way of choosing so far follows an order that somebody wrote down.
    confidence: 1,
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
    warnings: [...warnings],
    losses: tellsLosses ? record.losses.map(({ path, why }) => ({ path, why })) : [],
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
