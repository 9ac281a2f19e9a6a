import type { Billing, ToolUses, Usage } from '@app/protocol';
import type { Cost, CostLabel, Price, Rates, ServiceTier } from './price.ts';
import { addPicos, type CostSum, type Picos, totalCost } from './total-cost.ts';

/** What decides a cost beside the tokens and the price. Kept with a call, so that it can be priced again. */
export type BillingFacts = Billing & {
  /** True when the counts are our own estimate (a stream that broke off before its usage came). */
  estimated?: boolean;
  /** Milliseconds of sound that were transcribed; they are what is billed where the price has an hour's rate. */
  soundMs?: number;
};

export type PriceUsageOptions = BillingFacts & {
  /** True for a call that the sandbox answered: it costs nothing. */
  sandbox?: boolean;
};

/**
 * The cost of one reply: tokens times rate, times what its queue and place multiply, plus fees, less the discount; in
 * pico-dollars, rounded half-even once, to nano-dollars.
 *
 * `unknown` with 0 when there is no price, no usage was reported, or a class that was used has no rate.
 * A pure sum over disjoint classes, so nothing is counted twice. Takes well under a microsecond.
 */
export function priceUsage(usage: Usage, price: Price | undefined, options: PriceUsageOptions = {}): Cost {
  if (options.sandbox === true) return { nanos: 0, label: 'sandbox', priceVersion: 'sandbox' };
  if (price === undefined) return { nanos: 0, label: 'unknown', priceVersion: '' };
  const queue = findQueue(price, options.serviceTier);
  const sound = soundOf(price, options);
  const rates = ratesFor(usage, queue.tier ?? price, price);
  const isOnePriced = price.isOnePriced === true;
  const tokens = sound === undefined ? priceTokens(usage, rates, isOnePriced) : NO_TOKENS;
  const fees = priceFees(price, options);
  const isReported = sound !== undefined || fees.isUsed || tokens?.isReported === true;
  if (tokens === undefined || !isReported) return { nanos: 0, label: 'unknown', priceVersion: price.version };
  const isEstimated = options.estimated || queue.isEstimated || tokens.isEstimated || fees.isEstimated;
  const label: CostLabel = isEstimated ? 'estimated' : 'exact';
  const geo = options.geo === undefined ? undefined : price.geos?.[options.geo];
  const sum: CostSum = {
    tokens: tokens.picos,
    fees: fees.picos,
    times: [queue.tier?.times, geo],
    paid: price.paid,
  };
  if (sound !== undefined) sum.sound = sound;
  return { nanos: totalCost(sum), label, priceVersion: price.version };
}

export type TokenClass = keyof Usage;
type ClassRow = { tokenClass: TokenClass; borrows: TokenClass[]; isBilledAsLender: boolean };

/** Names that providers give to the queue that nobody asked for. */
const DEFAULT_QUEUES: ReadonlySet<string> = new Set(['', 'default', 'standard', 'auto', 'on_demand']);

export function findQueue(price: Price, name = ''): { tier: ServiceTier | undefined; isEstimated: boolean } {
  const tier = price.serviceTiers?.[name];
  if (tier !== undefined) return { tier, isEstimated: tier.isEstimated === true };
  return { tier: undefined, isEstimated: !DEFAULT_QUEUES.has(name) };
}

type PricedTokens = { picos: Picos; isReported: boolean; isEstimated: boolean };

const NO_TOKENS: PricedTokens = { picos: 0, isReported: false, isEstimated: false };

/** Undefined when a class that was used has no rate. */
function priceTokens(usage: Usage, rates: Rates, isOnePriced: boolean): PricedTokens | undefined {
  let isReported = false;
  let isEstimated = false;
  let picos: Picos = 0;
  for (const row of CLASSES) {
    const tokens = usage[row.tokenClass];
    if (tokens === undefined) continue;
    isReported = true;
    if (tokens === 0) continue;
    if (!isCount(tokens)) {
      // A provider's impossible count prices nothing, and the cost says that it is not to be trusted.
      isEstimated = true;
      continue;
    }
    const lender = findLender(row, rates);
    const rate = lender === undefined ? undefined : rates[lender];
    if (rate === undefined) return undefined;
    if (lender !== row.tokenClass && !row.isBilledAsLender && !isOnePriced) isEstimated = true;
    picos = addPicos(picos, tokens, rate);
  }
  return { picos, isReported, isEstimated };
}

/** The class whose rate applies: its own, else the first lender that has one. */
export function findLender(row: ClassRow, rates: Rates): TokenClass | undefined {
  if (rates[row.tokenClass] !== undefined) return row.tokenClass;
  for (const lender of row.borrows) if (rates[lender] !== undefined) return lender;
  return undefined;
}

/**
 * Whose rate a class takes when it has none of its own, in order. Providers bill thinking as output text and image
 * tokens as input; for the other classes the neighbour's rate is a guess.
 */
export const CLASSES: ClassRow[] = [
  { tokenClass: 'inputFresh', borrows: [], isBilledAsLender: false },
  { tokenClass: 'inputCacheRead', borrows: ['inputFresh'], isBilledAsLender: false },
  { tokenClass: 'inputCacheReadAudio', borrows: ['inputCacheRead', 'inputAudio'], isBilledAsLender: false },
  { tokenClass: 'inputCacheReadImage', borrows: ['inputCacheRead', 'inputImage'], isBilledAsLender: true },
  { tokenClass: 'inputCacheWrite', borrows: ['inputFresh'], isBilledAsLender: false },
  { tokenClass: 'inputCacheWrite1h', borrows: ['inputCacheWrite', 'inputFresh'], isBilledAsLender: false },
  { tokenClass: 'inputAudio', borrows: ['inputFresh'], isBilledAsLender: false },
  { tokenClass: 'inputImage', borrows: ['inputFresh'], isBilledAsLender: true },
  { tokenClass: 'outputText', borrows: [], isBilledAsLender: false },
  { tokenClass: 'outputThinking', borrows: ['outputText'], isBilledAsLender: true },
  { tokenClass: 'outputAudio', borrows: ['outputText'], isBilledAsLender: false },
  { tokenClass: 'outputImage', borrows: ['outputText'], isBilledAsLender: false },
];

/** A tier is chosen by the whole input of the call, cached or not, and holds for its output too. */
export function ratesFor(usage: Usage, queue: Pick<ServiceTier, 'rates' | 'tiers'>, price: Price): Rates {
  const { rates, tiers } = queue.rates === undefined ? price : { rates: queue.rates, tiers: queue.tiers };
  if (tiers === undefined || tiers.length === 0) return rates;
  const inputTokens = inputOf(usage);
  for (const tier of tiers) if (inputTokens > tier.inputTokensMin) return tier.rates;
  return rates;
}

function inputOf(usage: Usage): number {
  return (
    (usage.inputFresh ?? 0) +
    (usage.inputCacheRead ?? 0) +
    (usage.inputCacheReadAudio ?? 0) +
    (usage.inputCacheReadImage ?? 0) +
    (usage.inputCacheWrite ?? 0) +
    (usage.inputCacheWrite1h ?? 0) +
    (usage.inputAudio ?? 0) +
    (usage.inputImage ?? 0)
  );
}

/** A tool without a known fee leaves the cost without its part, which makes it an estimate. */
function priceFees(
  { toolFees, requestFee, isFeeEstimated, isFeePerReply }: Price,
  { toolUses }: Billing,
): { picos: Picos; isUsed: boolean; isEstimated: boolean } {
  let picos: Picos = requestFee ?? 0;
  let isUsed = false;
  let isEstimated = requestFee !== undefined && isFeeEstimated === true;
  for (const tool of toolUses === undefined ? [] : TOOLS) {
    const uses = toolUses?.[tool];
    if (uses === undefined || uses === 0) continue;
    isUsed = true;
    const fee = toolFees?.[tool];
    if (fee === undefined || !isCount(uses)) {
      isEstimated = true;
      continue;
    }
    picos = addPicos(picos, isFeePerReply === true ? 1 : uses, fee);
    if (fee > 0 && isFeeEstimated === true) isEstimated = true;
  }
  return { picos, isUsed, isEstimated };
}

/** Every tool, so that none is forgotten here when it is counted elsewhere. */
const EVERY_TOOL: { readonly [tool in keyof ToolUses]-?: true } = {
  webSearch: true,
  webFetch: true,
  fileSearch: true,
  codeExecution: true,
  mapSearch: true,
  socialSearch: true,
  imageGeneration: true,
};
export const TOOLS = Object.keys(EVERY_TOOL) as readonly (keyof ToolUses)[];

/** Where sound is billed by its length, tokens are told beside it and not billed. */
export function soundOf({ soundHour: hour }: Price, { soundMs: ms }: PriceUsageOptions): CostSum['sound'] {
  return isCount(ms) && hour !== undefined ? { ms, hour } : undefined;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
