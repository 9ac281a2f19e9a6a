import type { TokenLogprob } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';

/** Four lists side by side, one entry per token. The first token of an echoed prompt has no probability. */
export function readLogprobs(value: Json | undefined): TokenLogprob[] | undefined {
  if (!isObject(value) || !Array.isArray(value.tokens) || value.tokens.length === 0) return undefined;
  const logprobs = Array.isArray(value.token_logprobs) ? value.token_logprobs : [];
  const tops = Array.isArray(value.top_logprobs) ? value.top_logprobs : [];
  return value.tokens.map((token, place) => ({
    token: textOf(token),
    logprob: numberOf(logprobs[place]),
    top: Object.entries(isObject(tops[place]) ? tops[place] : {}).map(([other, logprob]) => ({
      token: other,
      logprob: numberOf(logprob),
    })),
  }));
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

/** `offset` is where the first token begins in the text. */
export function writeLogprobs(logprobs: readonly TokenLogprob[], offset: number): JsonObject {
  let at = offset;
  const offsets = logprobs.map(({ token }) => {
    at += token.length;
    return at - token.length;
  });
  return {
    tokens: logprobs.map(({ token }) => token),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    top_logprobs: logprobs.map(({ top }) => Object.fromEntries(top.map((one) => [one.token, one.logprob]))),
    text_offset: offsets,
  };
}
