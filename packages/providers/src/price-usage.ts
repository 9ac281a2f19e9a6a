import type { Usage } from '@app/protocol';
import type { Cost, CostLabel, Price, Rates } from './price.ts';

export type PriceUsageOptions = {
  /** True when the counts are our own estimate (a stream that broke off before its usage came). */
  estimated?: boolean;
  /** True for a call that the sandbox answered: it costs nothing. */
  sandbox?: boolean;
};

/**
 * The cost of one reply: the sum of tokens times rate in pico-dollars, rounded half-even once, to nano-dollars.
 *
 * `unknown` with 0 when there is no price, no usage was reported, or a class that was used has no rate.
 * A pure sum over disjoint classes, so nothing is counted twice. Takes well under a microsecond.
 */
export function priceUsage(usage: Usage, price: Price | undefined, options: PriceUsageOptions = {}): Cost {
  if (options.sandbox === true) return { nanos: 0, label: 'sandbox', priceVersion: 'sandbox' };
  if (price === undefined) return { nanos: 0, label: 'unknown', priceVersion: '' };
  const rates = ratesFor(usage, price);
  let label: CostLabel = options.estimated === true ? 'estimated' : 'exact';
  let isReported = false;
  let picos = 0;
  for (const row of CLASSES) {
    const tokens = usage[row.tokenClass];
    if (tokens === undefined) continue;
    isReported = true;
    if (tokens === 0) continue;
    if (!Number.isSafeInteger(tokens) || tokens < 0) {
      // A provider's impossible count prices nothing, and the cost says that it is not to be trusted.
      label = 'estimated';
      continue;
    }
    const lender = findLender(row, rates);
    const rate = lender === undefined ? undefined : rates[lender];
    if (rate === undefined) return { nanos: 0, label: 'unknown', priceVersion: price.version };
    if (lender !== row.tokenClass && !row.isBilledAsLender) label = 'estimated';
    picos += tokens * rate;
  }
  if (!isReported) return { nanos: 0, label: 'unknown', priceVersion: price.version };
  const nanos = Number.isSafeInteger(picos) ? roundHalfEven(picos) : sumExactly(usage, rates);
  return { nanos, label, priceVersion: price.version };
}

type TokenClass = keyof Usage;
type ClassRow = { tokenClass: TokenClass; borrows: TokenClass[]; isBilledAsLender: boolean };

/** The class whose rate applies: its own, else the first lender that has one. */
function findLender(row: ClassRow, rates: Rates): TokenClass | undefined {
  if (rates[row.tokenClass] !== undefined) return row.tokenClass;
  for (const lender of row.borrows) if (rates[lender] !== undefined) return lender;
  return undefined;
}

/**
 * Whose rate a class takes when it has none of its own, in order. Providers bill thinking as output text and image
 * tokens as input; for the other classes the neighbour's rate is a guess.
 */
const CLASSES: ClassRow[] = [
  { tokenClass: 'inputFresh', borrows: [], isBilledAsLender: false },
  { tokenClass: 'inputCacheRead', borrows: ['inputFresh'], isBilledAsLender: false },
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
function ratesFor(usage: Usage, price: Price): Rates {
  if (price.tiers.length === 0) return price.rates;
  const inputTokens =
    (usage.inputFresh ?? 0) +
    (usage.inputCacheRead ?? 0) +
    (usage.inputCacheWrite ?? 0) +
    (usage.inputCacheWrite1h ?? 0) +
    (usage.inputAudio ?? 0) +
    (usage.inputImage ?? 0);
  for (const tier of price.tiers) if (inputTokens > tier.inputTokensMin) return tier.rates;
  return price.rates;
}

const PICOS_PER_NANO = 1000;

function roundHalfEven(picos: number): number {
  const rest = picos % PICOS_PER_NANO;
  const nanos = (picos - rest) / PICOS_PER_NANO;
  if (rest > PICOS_PER_NANO / 2) return nanos + 1;
  return rest === PICOS_PER_NANO / 2 && nanos % 2 === 1 ? nanos + 1 : nanos;
}

/** The same sum for calls beyond nine thousand dollars, which floating point cannot add exactly. */
function sumExactly(usage: Usage, rates: Rates): number {
  let picos = 0n;
  for (const row of CLASSES) {
    const tokens = usage[row.tokenClass] ?? 0;
    const lender = findLender(row, rates);
    if (lender === undefined || !Number.isSafeInteger(tokens) || tokens < 0) continue;
    picos += BigInt(tokens) * BigInt(rates[lender] ?? 0);
  }
  const nanos = picos / 1000n;
  const rest = picos % 1000n;
  const rounded = rest > 500n || (rest === 500n && nanos % 2n === 1n) ? nanos + 1n : nanos;
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(rounded < max ? rounded : max);
}
