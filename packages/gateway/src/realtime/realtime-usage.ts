import { isObject, type Json, type JsonObject, putCached, type Usage } from '@app/protocol';

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
  const outputText = count(details.text_tokens) ?? rest(output, outputAudio ?? 0);
  if (outputText !== undefined) usage.outputText = outputText;
  return usage;
}

function readInput(usage: Usage, wire: JsonObject): void {
  const details = objectOf(wire.input_token_details);
  putCached(usage, count(details.cached_tokens), details);
  const named = Object.values(usage).reduce((sum, tokens) => sum + tokens, 0);
  const cachedText = count(objectOf(details.cached_tokens_details).text_tokens);
  const text = rest(count(details.text_tokens), cachedText ?? usage.inputCacheRead ?? 0);
  const fresh = text ?? rest(count(wire.input_tokens), named);
  if (fresh !== undefined) usage.inputFresh = fresh;
}

function rest(total: number | undefined, part: number): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - part);
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
