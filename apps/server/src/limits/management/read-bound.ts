import type { LimitMeasure, LimitPeriod } from '@app/contract';
import { invalid } from './limit-place.ts';
import { parseUsd } from './parse-usd.ts';

type Bound = { max?: number | undefined; max_usd?: string | undefined };

/** The most that a limit allows, in its measure's unit. Throws a 400 when the wrong field says so, or none. */
export function readBound(measure: LimitMeasure, bound: Bound): number {
  const found = findBound(measure, bound);
  if (found !== undefined) return found;
  throw measure === 'cost'
    ? invalid('max_usd', 'max_usd is missing: a limit on cost needs one, in US dollars, such as "25.00".')
    : invalid('max', `max is missing: a limit on ${measure} needs one, a whole number.`);
}

/** The same where the bound may stay as it is: then `undefined`. */
export function findBound(measure: LimitMeasure, { max, max_usd }: Bound): number | undefined {
  if (measure === 'cost' && max !== undefined)
    throw invalid('max', 'max: a limit on cost is given as max_usd, in US dollars, such as "25.00".');
  if (measure !== 'cost' && max_usd !== undefined)
    throw invalid(
      'max_usd',
      `max_usd: only a limit on cost is in US dollars; give max, a number of ${measure}.`,
    );
  return max_usd === undefined ? max : parseUsd(max_usd);
}

/** Over what time a limit counts. Calls under way are counted as they are, everything else over a period. */
export function readPeriod(measure: LimitMeasure, period: LimitPeriod | undefined): LimitPeriod | undefined {
  if (measure === 'concurrency' && period !== undefined)
    throw invalid('period', 'period: calls under way are counted at every moment; leave period out.');
  if (measure !== 'concurrency' && period === undefined)
    throw invalid('period', 'period is missing: minute, hour, day or month.');
  return period;
}
