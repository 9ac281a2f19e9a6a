import type { Usage } from '@app/protocol';
import { type BillingFacts, priceUsage } from '@app/providers';
import { guessProvider } from './conventions/name-provider.ts';
import type { SpanRow } from './ports.ts';
import type { PriceOf } from './price-of.ts';

type CostColumns = Pick<SpanRow, 'cost_nanos' | 'cost_label' | 'price_version'>;

/** What decides the cost of a received span. */
export type ReceivedCost = {
  kind: SpanRow['kind'];
  mode: SpanRow['mode'];
  provider: string;
  /** The model that answered, else the one that was asked for. */
  models: readonly string[];
  startedAtMs: number;
  usage: Usage;
  billing: BillingFacts;
  givenNanos: number | null;
};

/**
 * The cost of a call that a sender told us of: our own figure where a price is known, else the sender's, as an estimate.
 * What is no call costs nothing, because what is below it does.
 */
export function costOfReceived(of: ReceivedCost, priceOf: PriceOf): CostColumns {
  if (of.mode === 'test') return { cost_nanos: 0, cost_label: 'sandbox', price_version: 'sandbox' };
  if (of.kind !== 'call') return { cost_nanos: 0, cost_label: 'exact', price_version: '' };
  for (const model of of.models) {
    if (model === '' || of.provider === '') continue;
    const price = priceOf(of.provider, model, of.startedAtMs);
    if (price === undefined) continue;
    const { nanos, label, priceVersion } = priceUsage(of.usage, price, of.billing);
    if (label === 'unknown') break;
    return { cost_nanos: nanos, cost_label: label, price_version: priceVersion };
  }
  if (of.givenNanos === null) return { cost_nanos: 0, cost_label: 'unknown', price_version: '' };
  return { cost_nanos: of.givenNanos, cost_label: 'estimated', price_version: 'given' };
}

/** Who is paid: where nobody says, the maker of the model, who may not be who served it, so that is an estimate. */
export function providerOf(
  provider: string,
  model: string,
  billing: BillingFacts,
): Pick<ReceivedCost, 'provider' | 'billing'> {
  if (provider !== '') return { provider, billing };
  return { provider: guessProvider(model) ?? '', billing: { ...billing, estimated: true } };
}

/** No call costs more. The sum of tens of thousands of such calls can still be stored. */
const USD_MAX = 100_000;

/** A sender's dollars as whole nano-dollars; null for what is none, or beyond all reason. */
export function nanosOfUsd(usd: number | undefined): number | null {
  if (usd === undefined || !(usd >= 0 && usd <= USD_MAX)) return null;
  return Math.round(usd * 1e9);
}

/** No call has more; what it costs, and the sum of many, stays a number that can be stored. */
const TOKENS_MAX = 1_000_000_000;

/** Usage with nothing below 0 or beyond all reason: a class that was is 0, and the counts are then an estimate. */
export function guardUsage(usage: Usage, billing: BillingFacts): { usage: Usage; billing: BillingFacts } {
  const untrue = (Object.keys(usage) as (keyof Usage)[]).filter((name) => {
    const tokens = usage[name] ?? 0;
    return !(tokens >= 0 && tokens <= TOKENS_MAX);
  });
  if (untrue.length === 0) return { usage, billing };
  const guarded: Usage = { ...usage };
  for (const name of untrue) guarded[name] = 0;
  return { usage: guarded, billing: { ...billing, estimated: true } };
}
