import type { Claim, Count } from '../limit.ts';
import { capWithin } from './fit-output.ts';
import type { Worst } from './worst-case.ts';

/** A call whose caller set no cap takes at most one part of so many of what a limit has left. */
const SHARES = 16;

/** Longer than nearly every reply; a share that buys less is no reason to cut one. */
const OUTPUT_TOKENS_SHARED_MIN = 4_096;

/**
 * The cap with which a dispatch that was taken leaves room for others, at least 4,096; undefined where it takes no more
 * than its share, or where its caller or a strict budget says how long its output may be.
 *
 * Models may write 32,000 tokens and more, and seldom write 500. Reserved in full, a few calls would hold a small budget
 * whole and have all others refused that it could pay.
 */
export function shareOutput(
  worst: Worst,
  { claims, counts }: { claims: readonly Claim[]; counts: readonly Count[] },
): number | undefined {
  if (worst.isCapFree !== true) return undefined;
  let cap = worst.outputTokensMax;
  for (const [at, count] of counts.entries()) {
    if (count.limit.enforcement === 'shadow' || count.limit.budget?.isStrict === true) continue;
    const amount = claims[at]?.amount ?? 0;
    const share = Math.floor((count.max - count.used + amount) / SHARES);
    if (amount <= share) continue;
    cap = Math.min(cap, capWithin(count.limit, share, worst) ?? cap);
  }
  const shared = Math.max(cap, OUTPUT_TOKENS_SHARED_MIN);
  return shared < worst.outputTokensMax ? shared : undefined;
}
