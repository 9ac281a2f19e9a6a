import { isObject, type Json, type JsonObject, putCached, type Usage } from '@app/protocol';
import type { Metered, ReadUsage } from './unary-operation.ts';

/** Whose tokens the output is, where the answer does not say. */
type OutputClass = 'outputText' | 'outputAudio' | 'outputImage';

/**
 * Reads what a provider states under `usage`, in any of the forms in use: OpenAI's tokens with their details, its seconds
 * of sound, or nothing but a total.
 */
export function usageReader(output: OutputClass): ReadUsage {
  return (stated) => {
    const usage: Usage = {};
    const soundMs = secondsOf(stated);
    const input = countOf(stated.input_tokens) ?? countOf(stated.prompt_tokens);
    const produced = countOf(stated.output_tokens) ?? countOf(stated.completion_tokens);
    const details = detailsOf(stated, [
      'input_tokens_details',
      'input_token_details',
      'prompt_tokens_details',
    ]);
    if (input !== undefined) Object.assign(usage, inputClasses(input, details));
    else if (produced === undefined) {
      // An answer of vectors or ranks has no output: its total is its input.
      const total = countOf(stated.total_tokens);
      if (total !== undefined) usage.inputFresh = total;
    }
    if (produced !== undefined) usage[output] = produced;
    return soundMs === undefined ? { usage } : { usage, soundMs };
  };
}

/** Disjoint classes; details that do not add up are not believed. */
function inputClasses(input: number, details: JsonObject): Usage {
  const parts: Usage = {};
  putCached(parts, countOf(details.cached_tokens), details);
  const rest = Object.values(parts).reduce((left, tokens) => left - tokens, input);
  if (rest < 0) return { inputFresh: input };
  const known = Object.entries(parts).filter(([, tokens]) => tokens > 0);
  return { inputFresh: rest, ...Object.fromEntries(known) };
}

function detailsOf(stated: JsonObject, names: readonly string[]): JsonObject {
  for (const name of names) {
    const details = stated[name];
    if (isObject(details)) return details;
  }
  return {};
}

/** OpenAI's transcription: `{"type": "duration", "seconds": 9}`. */
function secondsOf({ type, seconds }: JsonObject): number | undefined {
  const isSound = type === 'duration' && typeof seconds === 'number' && seconds >= 0 && seconds < SECONDS_MAX;
  return isSound ? Math.round(seconds * 1_000) : undefined;
}

const SECONDS_MAX = 10_000_000;

function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** What a whole JSON answer states, wherever its maker puts it. */
function statedIn(body: Json): JsonObject | undefined {
  if (!isObject(body)) return undefined;
  if (isObject(body.usage)) return body.usage;
  // Cohere: https://docs.cohere.com/reference/rerank.
  const meta = isObject(body.meta) ? body.meta : {};
  const counted = isObject(meta.tokens) ? meta.tokens : meta.billed_units;
  if (isObject(counted)) return counted;
  // OpenAI's verbose transcription says how long the sound is and nothing else.
  return typeof body.duration === 'number' && typeof body.text === 'string'
    ? { type: 'duration', seconds: body.duration }
    : undefined;
}

/** Reads what an answer says it used. */
export function meterOf(body: Json, readUsage: ReadUsage): Metered {
  const stated = statedIn(body);
  return stated === undefined ? { usage: {} } : readUsage(stated);
}
