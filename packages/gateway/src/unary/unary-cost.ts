import { type Cost, priceUsage } from '@app/providers';
import type { Target } from '../ports.ts';
import type { Metered } from './unary-operation.ts';

type Billing = { target: Target; mode: 'live' | 'test'; isEstimated?: boolean };

/** What an answer cost: its tokens, or the seconds of sound where those are billed; unknown when nobody says. */
export function unaryCost({ usage, soundMs }: Metered, { target, mode, isEstimated }: Billing): Cost {
  const { price } = target;
  if (mode === 'live' && soundMs !== undefined && price?.soundSecond !== undefined) {
    const nanos = Math.round((soundMs * price.soundSecond) / PICOS_PER_NANO / MS_PER_SECOND);
    return { nanos, label: 'exact', priceVersion: price.version };
  }
  return priceUsage(usage, price, { estimated: isEstimated === true, sandbox: mode === 'test' });
}

const PICOS_PER_NANO = 1_000;
const MS_PER_SECOND = 1_000;
