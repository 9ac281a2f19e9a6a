import type { TokenLogprob } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';

const utf8 = new TextEncoder();

/** Bytes that only repeat the token are left out. An empty list is none. */
export function readLogprobs(value: Json | undefined): TokenLogprob[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter(isObject).map((wire) => {
    const top = Array.isArray(wire.top_logprobs) ? wire.top_logprobs : [];
    return { ...readToken(wire), top: top.filter(isObject).map(readToken) };
  });
}

function readToken(wire: JsonObject): { token: string; logprob: number; bytes?: number[] } {
  const token = textOf(wire.token);
  const logprob = typeof wire.logprob === 'number' ? wire.logprob : 0;
  const bytes = Array.isArray(wire.bytes) ? wire.bytes.filter((byte) => typeof byte === 'number') : [];
  const isPlain = bytes.length === 0 || `${bytes}` === `${utf8.encode(token)}`;
  return isPlain ? { token, logprob } : { token, logprob, bytes };
}

export function writeLogprobs(logprobs: readonly TokenLogprob[] = []): JsonObject[] {
  return logprobs.map(({ top, ...token }) => ({ ...writeToken(token), top_logprobs: top.map(writeToken) }));
}

function writeToken({ token, logprob, bytes }: Omit<TokenLogprob, 'top'>): JsonObject {
  return { token, logprob, bytes: bytes ?? [...utf8.encode(token)] };
}
