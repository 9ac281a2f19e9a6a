import type { CostEvidence } from '@app/contract';
import { type CostPart, explainCost, type Price } from '@app/providers';
import { type FoundSpan, writeMoney } from '@app/store';
import type { FindPrice } from '../prices/reprice-call.ts';

/**
 * How the cost of a span came about: counts times rates, which add up to what is stored, or a sentence that says why there is
 * nothing to add up.
 */
export function explainSpanCost(found: FoundSpan, findPrice: FindPrice): CostEvidence {
  const { cost } = found.billed;
  const given = found.givenNanos === null ? null : writeMoney(found.givenNanos);
  const common = { label: cost.label, price_version: cost.priceVersion, given };
  const reason = reasonWithout(found);
  if (reason !== undefined) return { ...common, lines: [], note: reason };
  const { provider, model, startedNanos, usage, billing } = found.billed;
  const price = findPrice({ provider, model, atMs: Number(BigInt(startedNanos) / 1_000_000n) });
  const parts = price === undefined ? undefined : explainCost(usage, price, billing);
  const sum = parts?.reduce((nanos, part) => nanos + part.nanos, 0);
  if (parts === undefined || sum !== cost.nanos) {
    return { ...common, lines: [], note: whyNot(found, price, sum) };
  }
  return { ...common, lines: parts.map(writeLine), note: null };
}

/** Why a span has no cost of its own. */
function reasonWithout({ span, billed }: FoundSpan): string | undefined {
  if (span.kind === 'seen')
    return "The gateway's own record of this call is priced; it is not counted twice.";
  if (span.kind === 'step')
    return 'It is no call of a model. What the calls below it cost adds up in the trace.';
  if (billed.cost.label === 'sandbox') return 'The sandbox answered, which costs nothing.';
  if (billed.cost.label !== 'unknown') return undefined;
  if (billed.model === '') return 'No model is known, so there is no price.';
  return `No price is known for ${billed.model}${billed.provider === '' ? '' : ` of ${billed.provider}`}, or no tokens were reported.`;
}

function whyNot({ span, billed }: FoundSpan, price: Price | undefined, sum: number | undefined): string {
  const { cost } = billed;
  if (cost.nanos === 0 && cost.priceVersion === '') return 'Nothing was answered, so nothing was charged.';
  if (price === undefined) return `It was priced by ${cost.priceVersion}, which is not known here any more.`;
  if (span.kind === 'call' && span.source === 'gateway' && price.version === cost.priceVersion) {
    return 'It is the sum of its attempts, each of which has its own lines.';
  }
  const now = sum === undefined ? 'gives none' : `gives ${writeMoney(BigInt(sum)).usd} dollars`;
  return `It was priced by ${cost.priceVersion || 'an older table'}; the price table of now (${price.version}) ${now}.`;
}

const names: { readonly [what: string]: string } = {
  inputFresh: 'input',
  inputCacheRead: 'input read from a cache',
  inputCacheReadAudio: 'audio read from a cache',
  inputCacheReadImage: 'images read from a cache',
  inputCacheWrite: 'input written to a cache',
  inputCacheWrite1h: 'input written to a cache for an hour',
  inputAudio: 'audio in',
  inputImage: 'images in',
  outputText: 'output',
  outputThinking: 'thinking',
  outputAudio: 'audio out',
  outputImage: 'images out',
  webSearch: 'web searches',
  webFetch: 'web fetches',
  fileSearch: 'file searches',
  codeExecution: 'code executions',
  mapSearch: 'map searches',
  socialSearch: 'social searches',
  imageGeneration: 'image generations',
  request: 'request',
  sound: 'hours of sound',
};

const MS_PER_HOUR = 3_600_000;
/** Pico-dollars in a dollar, and in a dollar per million tokens. */
const PICOS = 1_000_000_000_000n;
const PICOS_PER_MILLION = 1_000_000n;

function writeLine({ what, per, count, rate, nanos }: CostPart): CostEvidence['lines'][number] {
  const unit = per === 'million tokens' ? PICOS_PER_MILLION : PICOS;
  return {
    what: names[what] ?? what,
    count: per === 'hour' ? count / MS_PER_HOUR : count,
    rate: writeDecimal(rate.numerator, rate.denominator * unit),
    cost: writeMoney(BigInt(nanos)),
  };
}

const DECIMALS = 12n;

/** A fraction as a decimal of at most twelve places. */
function writeDecimal(numerator: bigint, denominator: bigint): string {
  const scaled = (numerator * 10n ** DECIMALS) / denominator;
  const whole = scaled / 10n ** DECIMALS;
  const rest = (scaled % 10n ** DECIMALS).toString().padStart(Number(DECIMALS), '0').replace(/0+$/, '');
  return rest === '' ? `${whole}` : `${whole}.${rest}`;
}
