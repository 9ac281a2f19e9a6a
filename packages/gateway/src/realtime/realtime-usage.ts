import { isObject, type Json, type JsonObject, type Usage } from '@app/protocol';

/**
 * The tokens of one spoken response. Source: OpenAI's realtime reference, `response.done`: totals include the cached
 * tokens, and both are told by kind.
 */
export function readRealtimeUsage(wire: Json | undefined): Usage {
  if (!isObject(wire)) return {};
  const usage: Usage = {};
  readInput(usage, wire);
  const details = objectOf(wire.output_token_details);
  const outputAudio = count(details.audio_tokens);
  const output = count(wire.output_tokens);
  if (outputAudio !== undefined) usage.outputAudio = outputAudio;
  const outputText = count(details.text_tokens) ?? rest(output, outputAudio);
  if (outputText !== undefined) usage.outputText = outputText;
  return usage;
}

function readInput(usage: Usage, wire: JsonObject): void {
  const details = objectOf(wire.input_token_details);
  const cached = objectOf(details.cached_tokens_details);
  const cacheRead = count(details.cached_tokens);
  const audio = less(count(details.audio_tokens), count(cached.audio_tokens));
  const image = less(count(details.image_tokens), count(cached.image_tokens));
  if (cacheRead !== undefined) usage.inputCacheRead = cacheRead;
  if (audio !== undefined) usage.inputAudio = audio;
  if (image !== undefined) usage.inputImage = image;
  const text = less(count(details.text_tokens), count(cached.text_tokens));
  const named = (cacheRead ?? 0) + (audio ?? 0) + (image ?? 0);
  const fresh = text ?? rest(count(wire.input_tokens), named);
  if (fresh !== undefined) usage.inputFresh = fresh;
}

function less(total: number | undefined, part = 0): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - part);
}

function rest(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - (part ?? 0));
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
