import { type Cost, priceUsage } from '@app/providers';
import type { Target } from '../ports.ts';
import type { Metered } from './unary-operation.ts';

type Billing = { target: Target; mode: 'live' | 'test'; isEstimated?: boolean };

/** What an answer cost: its tokens, or the length of its sound where that is billed; unknown when nobody says. */
export function unaryCost({ usage, soundMs }: Metered, { target, mode, isEstimated }: Billing): Cost {
  return priceUsage(usage, target.price, {
    estimated: isEstimated === true,
    sandbox: mode === 'test',
    ...(soundMs === undefined ? {} : { soundMs }),
  });
}
