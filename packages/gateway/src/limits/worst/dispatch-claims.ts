import type { AppliedLimit, Claim, Limit, Measure } from '../limit.ts';
import type { Worst } from './worst-case.ts';

/** Counted when a call is let in: requests and calls under way of everything but models, which nobody knows yet. */
export function admissionClaims(...lists: readonly (readonly AppliedLimit[])[]): Claim[] {
  const claims: Claim[] = [];
  for (const applied of lists) {
    for (const { limit, subject } of applied) {
      if (isOfDispatch(limit)) continue;
      // A request that was made stays made, whatever becomes of us; a call under way ends with us.
      claims.push({ limit, subject, amount: 1, floor: limit.measure === 'requests' ? 1 : 0 });
    }
  }
  return claims;
}

/**
 * Counted before each dispatch: tokens and cost of all scopes, and whatever counts by model. `unpriced` are limits on
 * cost where no price is known: none of them can be kept, so the dispatch is to be refused unless all only watch.
 */
export function dispatchClaims(
  applied: readonly AppliedLimit[],
  worst: Worst,
): { claims: Claim[]; unpriced: AppliedLimit[] } {
  const claims: Claim[] = [];
  const unpriced: AppliedLimit[] = [];
  for (const one of applied) {
    const { limit, subject } = one;
    if (!isOfDispatch(limit)) continue;
    const amounts = amountsOf(limit.measure, worst);
    if (amounts === undefined) unpriced.push(one);
    else claims.push({ limit, subject, ...amounts });
  }
  return { claims, unpriced };
}

/** Whether a limit counts a dispatch, and not the call: tokens, money, and everything of a model. */
export function isOfDispatch(limit: Limit): boolean {
  return !isPerCall(limit) || limit.scope.kind === 'model';
}

/** Whether a limit counts how often something is asked, and not what it uses. */
export function isPerCall({ measure }: Limit): boolean {
  return measure === 'requests' || measure === 'concurrency';
}

function amountsOf(
  measure: Measure,
  { inputTokens, outputTokens, costNanos, floorTokens, floorNanos }: Worst,
): { amount: number; floor: number } | undefined {
  switch (measure) {
    case 'requests':
      return { amount: 1, floor: 1 };
    case 'concurrency':
      return { amount: 1, floor: 0 };
    case 'input_tokens':
      return { amount: inputTokens, floor: floorTokens };
    case 'output_tokens':
      return { amount: outputTokens, floor: 0 };
    case 'tokens':
      return { amount: Math.min(inputTokens + outputTokens, Number.MAX_SAFE_INTEGER), floor: floorTokens };
    case 'cost':
      return costNanos === undefined ? undefined : { amount: costNanos, floor: floorNanos };
  }
}
