import type { TokenLogprob } from '../call.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** `logprobs` of a choice; undefined when it names no token. */
export function readLogprobs(wire: Json | undefined): TokenLogprob[] | undefined {
  if (!isObject(wire) || !Array.isArray(wire.content)) return undefined;
  const tokens = wire.content.filter(isObject).map((token): TokenLogprob => {
    const top = Array.isArray(token.top_logprobs) ? token.top_logprobs.filter(isObject) : [];
    return { ...readToken(token), top: top.map(readToken) };
  });
  return tokens.length === 0 ? undefined : tokens;
}

type Token = { token: string; logprob: number; bytes?: number[] };

function readToken({ token, logprob, bytes }: JsonObject): Token {
  const read: Token = {
    token: typeof token === 'string' ? token : '',
    logprob: typeof logprob === 'number' ? logprob : 0,
  };
  if (Array.isArray(bytes)) read.bytes = bytes.filter((byte) => typeof byte === 'number');
  return read;
}

export function writeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  const content = tokens.map(
    (token): JsonObject => ({ ...writeToken(token), top_logprobs: token.top.map(writeToken) }),
  );
  return { content, refusal: null };
}

function writeToken({ token, logprob, bytes }: Token): JsonObject {
  return { token, logprob, bytes: bytes ?? null };
}
