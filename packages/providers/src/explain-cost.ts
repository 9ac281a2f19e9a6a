import type { Usage } from '@app/protocol';
import type { Price, Ratio } from './price.ts';
import {
  CLASSES,
  findLender,
  findQueue,
  type PriceUsageOptions,
  priceUsage,
  ratesFor,
  soundOf,
  TOOLS,
} from './price-usage.ts';
import { addPicos, type CostSum, type Picos, totalCost } from './total-cost.ts';

/** One part of a cost: `count` times the rate, in nano-dollars. Picos are exact; what multiplies the whole is in them. */
export type CostPart = {
  /** A class of tokens, a tool, `request`, or `sound` in milliseconds. */
  what: string;
  /** `tokens` are told per million, `sound` per hour, all others per use. */
  per: 'million tokens' | 'hour' | 'use';
  count: number;
  /** Pico-dollars for one token, one hour or one use, as a fraction of two whole numbers. */
  rate: { numerator: bigint; denominator: bigint };
  nanos: number;
};

/**
 * The parts of what `priceUsage` gives for the same arguments: they add up to it to the nano-dollar, because each is what the
 * sum grows by. Undefined where the cost is unknown.
 */
export function explainCost(
  usage: Usage,
  price: Price,
  options: PriceUsageOptions = {},
): CostPart[] | undefined {
  const cost = priceUsage(usage, price, options);
  if (cost.label === 'unknown' || cost.label === 'sandbox') return undefined;
  const queue = findQueue(price, options.serviceTier).tier;
  const geo = options.geo === undefined ? undefined : price.geos?.[options.geo];
  const base: CostSum = { tokens: 0, fees: 0, times: [queue?.times, geo], paid: price.paid };
  const sound = soundOf(price, options);
  const parts = [
    ...(sound === undefined ? tokenParts(usage, price, queue ?? price) : [soundPart(sound)]),
    ...feeParts(price, options),
  ];
  return addUp(parts, base);
}

type Part = {
  what: string;
  per: CostPart['per'];
  count: number;
  picosEach: number;
  /** How it is added to the sum. */
  add: (sum: CostSum) => CostSum;
  isFee: boolean;
};

function tokenParts(usage: Usage, price: Price, queue: Parameters<typeof ratesFor>[1]): Part[] {
  const rates = ratesFor(usage, queue, price);
  return CLASSES.flatMap((row) => {
    const count = usage[row.tokenClass];
    const lender = findLender(row, rates);
    const picosEach = lender === undefined ? undefined : rates[lender];
    if (!isCount(count) || count === 0 || picosEach === undefined) return [];
    const add = (sum: CostSum) => ({ ...sum, tokens: addPicos(sum.tokens, count, picosEach) });
    return [{ what: row.tokenClass, per: 'million tokens', count, picosEach, add, isFee: false } as const];
  });
}

function soundPart(sound: NonNullable<CostSum['sound']>): Part {
  const add = (sum: CostSum) => ({ ...sum, sound });
  return { what: 'sound', per: 'hour', count: sound.ms, picosEach: sound.hour, add, isFee: false };
}

function feeParts(price: Price, { toolUses }: PriceUsageOptions): Part[] {
  const feePart = (what: string, count: number, picosEach: number): Part => ({
    what,
    per: 'use',
    count,
    picosEach,
    add: (sum) => ({ ...sum, fees: addPicos(sum.fees as Picos, count, picosEach) }),
    isFee: true,
  });
  const tools = TOOLS.flatMap((tool) => {
    const uses = toolUses?.[tool];
    const fee = price.toolFees?.[tool];
    if (!isCount(uses) || uses === 0 || fee === undefined) return [];
    return [feePart(tool, price.isFeePerReply === true ? 1 : uses, fee)];
  });
  return price.requestFee ? [feePart('request', 1, price.requestFee), ...tools] : tools;
}

function addUp(parts: readonly Part[], base: CostSum): CostPart[] {
  let sum = base;
  let nanos = 0;
  return parts.map((part) => {
    sum = part.add(sum);
    const total = totalCost(sum);
    const own = total - nanos;
    nanos = total;
    const { what, per, count, picosEach, isFee } = part;
    const ratios = isFee ? [base.paid] : [...base.times, base.paid];
    return { what, per, count, rate: multiplied(picosEach, ratios), nanos: own };
  });
}

function multiplied(picos: number, ratios: readonly (Ratio | undefined)[]): CostPart['rate'] {
  let numerator = BigInt(picos);
  let denominator = 1n;
  for (const ratio of ratios) {
    if (ratio === undefined) continue;
    numerator *= BigInt(ratio.numerator);
    denominator *= BigInt(ratio.denominator);
  }
  return { numerator, denominator };
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
