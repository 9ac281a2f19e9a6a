import type { Usage } from '@app/protocol';
import type { BillingFacts } from '@app/providers';
import type { LimitEffects } from './call-span.ts';

/** Columns of the token classes. */
export function usageColumns(usage: Usage) {
  return {
    input_fresh: countOf(usage.inputFresh),
    input_cache_read: countOf(usage.inputCacheRead),
    input_cache_read_audio: countOf(usage.inputCacheReadAudio),
    input_cache_read_image: countOf(usage.inputCacheReadImage),
    input_cache_write: countOf(usage.inputCacheWrite),
    input_cache_write_1h: countOf(usage.inputCacheWrite1h),
    input_audio: countOf(usage.inputAudio),
    input_image: countOf(usage.inputImage),
    output_text: countOf(usage.outputText),
    output_thinking: countOf(usage.outputThinking),
    output_audio: countOf(usage.outputAudio),
    output_image: countOf(usage.outputImage),
  };
}

/** Columns of what decides a price beside the tokens. */
export function billingColumns(billing: BillingFacts = {}) {
  const { serviceTier, geo, toolUses, soundMs, estimated } = billing;
  return {
    service_tier: serviceTier ?? '',
    geo: geo ?? '',
    tool_uses: toolUses === undefined ? '' : JSON.stringify(toolUses),
    sound_ms: countOf(soundMs),
    usage_estimated: estimated === true,
  };
}

/** They are about the call: an attempt was let through. */
export function limitColumns(limits: LimitEffects = {}) {
  return {
    limit_refused: limits.refusedBy ?? '',
    limit_refused_name: limits.refusedByName ?? '',
    limit_routed: limits.routedBy ?? '',
    limit_routed_name: limits.routedByName ?? '',
    output_cap: countOf(limits.outputTokensMax),
  };
}

/** Tokens are whole and never negative, whatever a provider reported: one bad count must not cost the row. */
function countOf(tokens: number | undefined): number | null {
  return tokens === undefined ? null : wholeOf(tokens);
}

/** Whole microseconds, never below 0. */
export function microsOf(ms: number): number {
  return wholeOf(ms * 1000);
}

/** What a column of whole numbers can hold: one that it cannot would cost all rows that are stored together. */
function wholeOf(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value)));
}

/** RFC 3339 with nanoseconds, of which a number of milliseconds holds the first six digits. */
export function timeOf(epochMs: number): string {
  const micros = Math.round(epochMs * 1000);
  const seconds = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19);
  const fraction = String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0');
  return `${seconds}.${fraction}000Z`;
}
