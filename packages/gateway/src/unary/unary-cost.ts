import { type BillingFacts, type Cost, priceUsage } from '@app/providers';
import type { Target } from '../ports.ts';
import type { Metered } from './unary-operation.ts';

type Billed = { target: Target; mode: 'live' | 'test'; isEstimated?: boolean };

/** What an answer cost: its tokens, or the length of its sound where that is billed; unknown when nobody says. */
export function unaryCost(metered: Metered, { target, mode, isEstimated }: Billed): Cost {
  const billing = unaryBilling(metered, isEstimated === true);
  return priceUsage(metered.usage, target.price, { ...billing, sandbox: mode === 'test' });
}

/** What decided the cost beside the tokens. */
export function unaryBilling({ usage: _, ...stated }: Metered, isEstimated: boolean): BillingFacts {
  return isEstimated ? { ...stated, estimated: true } : stated;
}
