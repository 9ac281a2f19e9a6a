import type { Json } from './json.ts';

/**
 * Tokens of one reply in disjoint classes: no token is in two of them, so a sum never counts twice.
 * A class the provider did not report is absent, which is not the same as 0.
 */
export type Usage = {
  inputFresh?: number;
  inputCacheRead?: number;
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
