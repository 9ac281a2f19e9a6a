import { sumCosts } from '@app/gateway';
import { type Cost, type Price, priceUsage } from '@app/providers';
import type { BilledCall, BilledSpan, RepricedSpan } from '@app/store';
import { receivedVersion } from '@app/tracing';

/** What a model of a provider costs at a moment; undefined when nobody knows. */
export type FindPrice = (question: { provider: string; model: string; atMs: number }) => Price | undefined;

/** One attempt's cost before and after. `isKept`: no price is known today, so it stays as it was. */
export type RepricedAttempt = { span: BilledSpan; after: Cost; isKept: boolean };

export type RepricedCall = {
  attempts: RepricedAttempt[];
  /** Every span whose cost changes, the call's own among them. */
  changes: RepricedSpan[];
};

/** What a call costs by the prices that `find` knows. Versions rise above the spans' own and reach at least `versionMin`. */
export function repriceCall(
  { call, attempts }: BilledCall,
  find: FindPrice,
  versionMin: number,
): RepricedCall {
  // A call that a sender told of has no attempts here: it is priced by itself.
  if (attempts.length === 0 && isPriced(call)) {
    const own = repriceAttempt(call, find);
    const changes = isSame(call.cost, own.after) ? [] : [changeOf(call, own.after, versionMin)];
    return { attempts: [own], changes };
  }
  // A call that others told us of has no attempts of ours: it is priced itself.
  if (attempts.length === 0 && isPriced(call)) return repriceAlone(call, find, versionMin);
  const priced = attempts.filter(isPriced).map((span) => repriceAttempt(span, find));
  const costs = new Map(priced.map(({ span, after }) => [span.spanId, after]));
  const all = attempts.map((span) => ({ cost: costs.get(span.spanId) ?? span.cost }));
  // A call that reached nobody has no attempts and cost nothing.
  const total = all.length === 0 ? call.cost : sumCosts(all, 'live');
  const changes = [{ span: call, after: total }, ...priced].flatMap(({ span, after }) =>
    isSame(span.cost, after) ? [] : [changeOf(span, after, versionMin)],
  );
  return { attempts: priced, changes };
}

function repriceAlone(call: BilledSpan, find: FindPrice, versionMin: number): RepricedCall {
  const priced = repriceAttempt(call, find);
  const isChanged = !isSame(call.cost, priced.after);
  return { attempts: [priced], changes: isChanged ? [changeOf(call, priced.after, versionMin)] : [] };
}

/** What failed for nothing, the sandbox's, and what names no model is not priced again. */
function isPriced({ cost, model }: BilledSpan): boolean {
  const isNothing = cost.label === 'exact' && cost.priceVersion === '';
  return !isNothing && cost.label !== 'sandbox' && model !== '';
}

function repriceAttempt(span: BilledSpan, find: FindPrice): RepricedAttempt {
  const { provider, model, startedNanos, usage, billing } = span;
  const atMs = Number(BigInt(startedNanos) / 1_000_000n);
  const price = find({ provider, model, atMs });
  if (price === undefined) return { span, after: span.cost, isKept: true };
  const after = priceUsage(usage, price, billing);
  // Knowing less than before is no reason to forget.
  if (after.label === 'unknown' && span.cost.label !== 'unknown')
    return { span, after: span.cost, isKept: true };
  return { span, after, isKept: false };
}

function isSame(a: Cost, b: Cost): boolean {
  return a.nanos === b.nanos && a.label === b.label && a.priceVersion === b.priceVersion;
}

function changeOf(span: BilledSpan, after: Cost, versionMin: number): RepricedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    startedNanos: span.startedNanos,
    version: Math.max(span.version + 1, span.isReceived ? receivedVersion(versionMin) : versionMin),
    before: span.cost,
    after,
  };
}
