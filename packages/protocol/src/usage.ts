import { isObject, type Json, type JsonObject } from './json.ts';

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
  /** Pictures made beside the reply, whose tokens are not told. */
  imageGeneration?: number;
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

/**
 * Sets what was cached, by kind where the wire tells it, and the sound and images beside it: their details count both.
 * Source: OpenAI's realtime reference, `input_token_details`.
 */
export function putCached(usage: Usage, cached: number | undefined, details: JsonObject): void {
  const kinds = isObject(details.cached_tokens_details) ? details.cached_tokens_details : {};
  const [cachedAudio, cachedImage] = [readTokens(kinds.audio_tokens), readTokens(kinds.image_tokens)];
  const [audio, image] = [readTokens(details.audio_tokens), readTokens(details.image_tokens)];
  if (cached !== undefined)
    usage.inputCacheRead = Math.max(0, cached - sumTokens([cachedAudio, cachedImage]));
  putTokens(usage, 'inputCacheReadAudio', cachedAudio || undefined);
  putTokens(usage, 'inputCacheReadImage', cachedImage || undefined);
  if (audio !== undefined) usage.inputAudio = Math.max(0, audio - (cachedAudio ?? 0));
  if (image !== undefined) usage.inputImage = Math.max(0, image - (cachedImage ?? 0));
}

/** The classes of a wire that has one number for all that is cached; sound and images are then counted with the cached. */
export function withCachedKinds(usage: Usage): Pick<Usage, 'inputCacheRead' | 'inputAudio' | 'inputImage'> {
  const { inputCacheRead, inputCacheReadAudio, inputCacheReadImage, inputAudio, inputImage } = usage;
  return {
    ...known('inputCacheRead', sumKnown([inputCacheRead, inputCacheReadAudio, inputCacheReadImage])),
    ...known('inputAudio', inputAudio),
    ...known('inputImage', inputImage),
  };
}

function known(name: keyof Usage, tokens: number | undefined): Usage {
  return tokens === undefined ? {} : { [name]: tokens };
}

/** What is cached of any kind, where a wire has one number for it; undefined when no class is known. */
export function sumKnown(classes: (number | undefined)[]): number | undefined {
  return classes.every((tokens) => tokens === undefined) ? undefined : sumTokens(classes);
}

/** A class that is not known adds nothing. */
export function sumTokens(classes: (number | undefined)[]): number {
  return classes.reduce<number>((total, tokens) => total + (tokens ?? 0), 0);
}
