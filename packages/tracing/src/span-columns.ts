import type { Usage } from '@app/protocol';
import type { BillingFacts } from '@app/providers';
import type { LimitEffects } from './call-span.ts';
import type { SpanRow } from './ports.ts';

/** The column of each token class. */
const USAGE_COLUMNS = {
  inputFresh: 'input_fresh',
  inputCacheRead: 'input_cache_read',
  inputCacheReadAudio: 'input_cache_read_audio',
  inputCacheReadImage: 'input_cache_read_image',
  inputCacheWrite: 'input_cache_write',
  inputCacheWrite1h: 'input_cache_write_1h',
  inputAudio: 'input_audio',
  inputImage: 'input_image',
  outputText: 'output_text',
  outputThinking: 'output_thinking',
  outputAudio: 'output_audio',
  outputImage: 'output_image',
} as const satisfies { [name in keyof Usage]-?: keyof SpanRow };

/** The token classes, by their names and their columns. */
export const TOKEN_CLASSES = Object.entries(USAGE_COLUMNS) as [keyof Usage, UsageColumn][];

type UsageColumn = (typeof USAGE_COLUMNS)[keyof Usage];

/** Columns of the token classes; null for one that was not told. */
export function usageColumns(usage: Usage): { [column in UsageColumn]: number | null } {
  const columns: Partial<{ [column in UsageColumn]: number | null }> = {};
  for (const [name, column] of TOKEN_CLASSES) columns[column] = countOf(usage[name]);
  return columns as { [column in UsageColumn]: number | null };
}

/** Fills the columns of the token classes that were told. */
export function putUsage(columns: Partial<Pick<SpanRow, UsageColumn>>, usage: Usage): void {
  for (const name of Object.keys(usage) as (keyof Usage)[]) {
    const tokens = usage[name];
    if (tokens !== undefined) columns[USAGE_COLUMNS[name]] = wholeOf(tokens);
  }
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

/** Fills those of the columns of `billingColumns` that were told. */
export function putBilling(
  columns: Partial<Pick<SpanRow, keyof ReturnType<typeof billingColumns>>>,
  { serviceTier, geo, toolUses, soundMs, estimated }: BillingFacts,
): void {
  if (serviceTier !== undefined && serviceTier !== '') columns.service_tier = serviceTier;
  if (geo !== undefined && geo !== '') columns.geo = geo;
  if (toolUses !== undefined) columns.tool_uses = JSON.stringify(toolUses);
  if (soundMs !== undefined) columns.sound_ms = wholeOf(soundMs);
  columns.usage_estimated = estimated === true;
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
  const second = Math.floor(micros / 1_000_000);
  const fraction = String(micros - second * 1_000_000).padStart(6, '0');
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}.${fraction}000Z`;
}
