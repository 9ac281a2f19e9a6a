import type { Call, Json, Usage } from '@app/protocol';
import { type PriceUsageOptions, priceUsage } from '@app/providers';
import type { Target } from '../../ports.ts';
import { boundInput, type InputBound } from './bound-input.ts';

/** The most that one dispatch may use. Tokens and nano-dollars are integers. */
export type Worst = {
  inputTokens: number;
  /** Of all choices together. */
  outputTokens: number;
  /** Absent where no price is known. 0 for what the sandbox answers. */
  costNanos: number | undefined;
  /** What stays charged when the server dies: the input, at the least it can be. */
  floorTokens: number;
  floorNanos: number;
  /** The most output tokens of one choice, as the provider is told. */
  outputTokensMax: number;
  choices: number;
  /** The provider must be told `outputTokensMax`: the caller set no cap, and nobody knows the model's. */
  isCapOurs: boolean;
  /** The caller set no cap, so that a lower one takes nothing that was asked for. */
  isCapFree?: boolean | undefined;
  /** The most a dispatch costs with so many output tokens of one choice instead. */
  costWith(outputTokensMax: number): number | undefined;
};

export type WorstOptions = {
  isStrict: boolean;
  /** The sandbox answers. */
  isSandbox?: boolean;
};

/** The worst case of a call at a target, to be reserved before its bytes leave. */
export function worstCase(call: Call, target: Target, options: WorstOptions): Worst {
  const input = boundInput(call, options.isStrict);
  return worstCaseOf({ ...outputOf(call, target), input, pricing: pricingOf(call, options) }, target);
}

/** What the worst case of an operation that is no conversation is made of. */
export type WorstParts = {
  input: InputBound;
  outputTokensMax: number;
  choices: number;
  isCapOurs: boolean;
  isCapFree?: boolean;
  pricing: WorstPricing;
};

type WorstPricing = {
  isSandbox: boolean;
  /** Classes that the input may be billed as, and the output. The dearest counts. */
  inputClasses: readonly (keyof Usage)[];
  outputClasses: readonly (keyof Usage)[];
  options: PriceUsageOptions;
};

export function worstCaseOf(parts: WorstParts, { price }: Pick<Target, 'price'>): Worst {
  const { input, outputTokensMax, choices, pricing } = parts;
  const inputTokens = saturate(input.tokens);
  const floorTokens = Math.min(saturate(input.floorTokens), inputTokens);
  const costWith = (capTokens: number): number | undefined =>
    dearest({ inputTokens, outputTokens: saturate(capTokens * choices) }, price, pricing);
  const costNanos = costWith(outputTokensMax);
  const floor = priceUsage({ inputFresh: floorTokens }, price, { sandbox: pricing.isSandbox });
  return {
    inputTokens,
    outputTokens: saturate(outputTokensMax * choices),
    costNanos,
    floorTokens,
    floorNanos: Math.min(floor.nanos, costNanos ?? 0),
    outputTokensMax,
    choices,
    isCapOurs: parts.isCapOurs,
    isCapFree: parts.isCapFree,
    costWith,
  };
}

/** Sent as the cap where neither the caller nor the price table knows one, beside what the caller lets the model think. */
export const OUTPUT_TOKENS_DEFAULT = 8_192;

type OutputParts = Pick<WorstParts, 'outputTokensMax' | 'choices' | 'isCapOurs' | 'isCapFree'>;

function outputOf(call: Call, target: Target): OutputParts {
  const thinkingTokens = call.thinking?.kind === 'budget' ? Math.max(0, call.thinking.tokens) : 0;
  const choices = choicesOf(call);
  const cap = capOf(call);
  if (cap !== undefined) {
    const outputTokensMax = saturate(Math.max(cap, thinkingTokens));
    return { outputTokensMax, choices, isCapOurs: false };
  }
  const known = target.outputTokensMax ?? target.price?.outputTokensMax;
  const outputTokensMax = saturate(known ?? thinkingTokens + OUTPUT_TOKENS_DEFAULT);
  return { outputTokensMax, choices, isCapOurs: known === undefined, isCapFree: true };
}

/** Who says it in both of OpenAI's words may have a provider that reads either: the larger one counts. */
function capOf({ outputTokensMax, wire }: Call): number | undefined {
  if (outputTokensMax === undefined || wire?.dialect !== 'openai-chat') return outputTokensMax;
  const other = Number(wire.body.max_tokens ?? 0);
  return other > outputTokensMax ? other : outputTokensMax;
}

/** How many replies are made, shown or not. Some servers read a number in quotes too. */
function choicesOf({ extra: { dialect, fields }, wire }: Call): number {
  const asked =
    dialect === 'gemini' ? [fields['generationConfig.candidateCount']] : [fields.n, fields.best_of];
  const each = Math.max(1, ...asked.map((count) => Math.ceil(Number(count ?? 1)) || 1));
  const prompts = wire?.dialect === 'openai-completions' ? promptsOf(wire.body.prompt) : 1;
  return Math.min(each, CHOICES_MAX) * prompts;
}

/** A list of texts, or of lists of tokens, is answered one by one. */
function promptsOf(prompt: Json | undefined): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

/** More than any provider gives. */
const CHOICES_MAX = 128;

function pricingOf(call: Call, { isStrict, isSandbox = false }: WorstOptions): WorstPricing {
  const kinds = new Set(call.messages.flatMap(({ parts }) => parts.map(({ kind }) => kind)));
  const hasSound = isStrict || kinds.has('audio') || kinds.has('file') || kinds.has('media');
  const speaks = isStrict || call.modalities?.includes('audio') === true;
  const searches = call.tools.find((tool) => tool.kind === 'web-search');
  const options: PriceUsageOptions = { sandbox: isSandbox };
  if (call.serviceTier !== undefined) options.serviceTier = call.serviceTier;
  if (searches !== undefined) options.toolUses = { webSearch: searches.usesMax ?? (isStrict ? 10 : 1) };
  return {
    isSandbox,
    inputClasses: [
      'inputFresh',
      'inputCacheWrite',
      'inputImage',
      ...cachedLong(call, isStrict),
      ...sound(hasSound),
    ],
    outputClasses: [
      'outputText',
      'outputThinking',
      'outputImage',
      ...(speaks ? (['outputAudio'] as const) : []),
    ],
    options,
  };
}

function sound(hasSound: boolean): (keyof Usage)[] {
  return hasSound ? ['inputAudio'] : [];
}

/** Writing to the cache that lives an hour costs most, and happens only where it is asked for. */
function cachedLong(call: Call, isStrict: boolean): (keyof Usage)[] {
  const isMarked = (part: { cache?: { lifetime: string } }): boolean => part.cache?.lifetime === '1h';
  const isLong =
    call.system.some(isMarked) ||
    call.tools.some((tool) => tool.kind === 'function' && isMarked(tool)) ||
    call.messages.some(({ parts }) => parts.some((part) => 'cache' in part && isMarked(part)));
  return isStrict || isLong ? ['inputCacheWrite1h'] : [];
}

type Totals = { inputTokens: number; outputTokens: number };

/** Only classes that have a rate of their own differ; undefined where plain input or output has no rate. */
function dearest(
  { inputTokens, outputTokens }: Totals,
  price: Target['price'],
  pricing: WorstPricing,
): number | undefined {
  if (pricing.isSandbox) return 0;
  if (price === undefined) return undefined;
  let most: number | undefined;
  for (const inputClass of pricing.inputClasses) {
    if (inputClass !== 'inputFresh' && !hasRate(price, inputClass)) continue;
    for (const outputClass of pricing.outputClasses) {
      if (outputClass !== 'outputText' && !hasRate(price, outputClass)) continue;
      const usage = { [inputClass]: inputTokens, [outputClass]: outputTokens };
      const cost = priceUsage(usage, price, pricing.options);
      if (cost.label === 'unknown') return undefined;
      most = Math.max(most ?? 0, cost.nanos);
    }
  }
  return most;
}

function hasRate({ rates, tiers }: NonNullable<Target['price']>, name: keyof Usage): boolean {
  return rates[name] !== undefined || tiers.some((tier) => tier.rates[name] !== undefined);
}

function saturate(tokens: number): number {
  if (!(tokens > 0)) return 0;
  return Math.min(Math.ceil(tokens), Number.MAX_SAFE_INTEGER);
}
