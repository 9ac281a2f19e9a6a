import type { Json } from './json.ts';

/**
 * Tokens of one reply in disjoint classes: no token is in two of them, so a sum never counts twice.
 * A class the provider did not report is absent, which is not the same as 0.
 */
export type Usage = {
  inputFresh?: number;
  inputCacheRead?: number;
  /** Sound and images that came from a cache, where the provider tells them from cached text. */
  inputCacheReadAudio?: number;
  inputCacheReadImage?: number;
  /** Written to a cache that lives five minutes (the default lifetime). */
  inputCacheWrite?: number;
  inputCacheWrite1h?: number;
  inputAudio?: number;
  inputImage?: number;
  outputText?: number;
  outputThinking?: number;
  outputAudio?: number;
  outputImage?: number;
};

/** How often tools ran that the provider itself runs and may bill by the use. One that did not run is absent. */
export type ToolUses = {
  webSearch?: number;
  webFetch?: number;
  fileSearch?: number;
  codeExecution?: number;
  /** Questions to a map. */
  mapSearch?: number;
  /** Questions to what the social network X holds. */
  socialSearch?: number;
};

/** What decides a price beside the tokens, as the provider reports it. */
export type Billing = {
  /** The queue that answered, which need not be the one that was asked for. */
  serviceTier?: string;
  /** Where the reply was made, for providers that bill it. */
  geo?: string;
  toolUses?: ToolUses;
};

/** A count of tokens on a wire; undefined for anything else. */
export function readTokens(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Sets a class that is known. */
export function putTokens(usage: Usage, name: keyof Usage, tokens: number | undefined): void {
  if (tokens !== undefined) usage[name] = tokens;
}

/** What the classes already in `usage` leave of the total; never below 0. True when they are more than the total. */
export function putRest(usage: Usage, rest: 'inputFresh' | 'outputText', total: number | undefined): boolean {
  if (total === undefined) return false;
  const left = total - sumTokens(Object.values(usage));
  usage[rest] = Math.max(0, left);
  return left < 0;
}

/** A class that is not known adds nothing. */
export function sumTokens(classes: (number | undefined)[]): number {
  return classes.reduce<number>((total, tokens) => total + (tokens ?? 0), 0);
}
