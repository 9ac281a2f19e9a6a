import type { Usage } from '@app/protocol';
import { type BillingFacts, type Cost, type CostLabel, priceUsage } from '@app/providers';
import type { AttemptRecord, Target } from '../ports.ts';

export type Billed = BillingFacts & { usage: Usage; target: Target; mode: 'live' | 'test' };

/** The cost of one attempt that produced something, or may have. */
export function attemptCost({ usage, target, mode, ...billing }: Billed): Cost {
  return priceUsage(usage, target.price, { ...billing, sandbox: mode === 'test' });
}

/** A call that reached no model, or was refused by one, costs nothing, and that is certain. */
export function nothing(mode: 'live' | 'test'): Cost {
  return mode === 'test'
    ? priceUsage({}, undefined, { sandbox: true })
    : { nanos: 0, label: 'exact', priceVersion: '' };
}

/** What all attempts cost together. One attempt without a known price makes the sum an estimate. */
export function sumCosts(attempts: readonly Pick<AttemptRecord, 'cost'>[], mode: 'live' | 'test'): Cost {
  const costs = attempts.map((attempt) => attempt.cost);
  const last = costs.at(-1);
  if (last === undefined || mode === 'test') return nothing(mode);
  if (costs.length === 1) return last;
  const nanos = costs.reduce((sum, cost) => sum + cost.nanos, 0);
  return { nanos, label: sumLabel(costs), priceVersion: last.priceVersion };
}

function sumLabel(costs: readonly Cost[]): CostLabel {
  if (costs.every((cost) => cost.label === 'unknown')) return 'unknown';
  // A failed attempt that cost nothing for certain says nothing about whether the other's price is known.
  const billed = costs.filter((cost) => cost.priceVersion !== '' || cost.label !== 'exact');
  if (billed.length > 0 && billed.every((cost) => cost.label === 'unknown')) return 'unknown';
  return billed.every((cost) => cost.label === 'exact') ? 'exact' : 'estimated';
}
