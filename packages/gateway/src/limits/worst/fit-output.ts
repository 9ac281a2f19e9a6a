import type { Count, Limit } from '../limit.ts';
import type { Worst } from './worst-case.ts';

/** A reply shorter than this is seldom of use, so less is refused. */
export const OUTPUT_TOKENS_MIN = 256;

/**
 * The cap on output tokens of one choice with which a dispatch that was refused would fit, at least 256; undefined where
 * none would, where a limit that refused it does not count output, or where a strict budget did.
 */
export function fitOutput(worst: Worst, counts: readonly Count[]): number | undefined {
  let cap = worst.outputTokensMax;
  for (const count of counts) {
    if (!count.isExceeded || count.limit.enforcement === 'shadow') continue;
    const fitting = capWithin(count.limit, count.max - count.used, worst);
    if (fitting === undefined) return undefined;
    cap = Math.min(cap, fitting);
  }
  return cap >= OUTPUT_TOKENS_MIN && cap < worst.outputTokensMax ? cap : undefined;
}

/** The cap that takes no more than `room` of a limit; undefined where its output cannot be lowered. */
export function capWithin(limit: Limit, room: number, worst: Worst): number | undefined {
  switch (limit.measure) {
    case 'output_tokens':
      return Math.floor(room / worst.choices);
    case 'tokens':
      return Math.floor((room - worst.inputTokens) / worst.choices);
    case 'cost':
      return limit.budget?.isStrict === true ? undefined : affordable(room, worst);
    default:
      return undefined;
  }
}

/** The most output that costs no more than `room`; a cost never falls with output. */
function affordable(room: number, worst: Worst): number {
  let fits = 0;
  let exceeds = worst.outputTokensMax + 1;
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    const cost = worst.costWith(middle);
    if (cost !== undefined && cost <= room) fits = middle;
    else exceeds = middle;
  }
  return fits;
}
