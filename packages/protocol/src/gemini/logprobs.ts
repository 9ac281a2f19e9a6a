import type { TokenLogprob } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';

/** Two lists, step by step: the token that was taken, and the likeliest ones. Source: the reference's `LogprobsResult`. */
export function readLogprobs(value: Json | undefined): TokenLogprob[] {
  if (!isObject(value) || !Array.isArray(value.chosenCandidates)) return [];
  const tops = Array.isArray(value.topCandidates) ? value.topCandidates : [];
  return value.chosenCandidates.flatMap((chosen, step): TokenLogprob[] => {
    const top = tops[step];
    const list = isObject(top) && Array.isArray(top.candidates) ? top.candidates : [];
    return readToken(chosen).map((token) => ({ ...token, top: list.flatMap(readToken) }));
  });
}

export function writeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  return {
    chosenCandidates: tokens.map(writeToken),
    topCandidates: tokens.map(({ top }) => ({ candidates: top.map(writeToken) })),
  };
}

type Token = { token: string; logprob: number };

function readToken(value: Json): Token[] {
  if (!isObject(value)) return [];
  // A certainty is 0, which the JSON form of protocol buffers leaves out.
  const { logProbability = 0 } = value;
  return typeof logProbability === 'number' ? [{ token: textOf(value.token), logprob: logProbability }] : [];
}

function writeToken({ token, logprob }: Token): JsonObject {
  return { token, logProbability: logprob };
}
