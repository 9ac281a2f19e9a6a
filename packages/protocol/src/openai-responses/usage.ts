import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { putRest, putTokens, readTokens, sumTokens, type Usage } from '../usage.ts';

/**
 * Totals with parts inside become disjoint classes. Source: OpenAI's `ResponseUsage`: `input_tokens` includes the cached
 * and written tokens, `output_tokens` the reasoning. The wire always names all details, so a write of 0 tokens says no
 * more than none. `estimated` marks figures whose parts are larger than their total.
 */
function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const input = detailsOf(wire.input_tokens_details);
  const output = detailsOf(wire.output_tokens_details);
  const into: Usage = {};
  putTokens(into, 'inputCacheRead', readTokens(input.cached_tokens));
  putTokens(into, 'inputCacheWrite', readTokens(input.cache_write_tokens) || undefined);
  putTokens(into, 'inputAudio', readTokens(input.audio_tokens));
  putTokens(into, 'inputImage', readTokens(input.image_tokens));
  const out: Usage = {};
  putTokens(out, 'outputThinking', readTokens(output.reasoning_tokens));
  putTokens(out, 'outputAudio', readTokens(output.audio_tokens));
  putTokens(out, 'outputImage', readTokens(output.image_tokens));
  const isOver = [
    putRest(into, 'inputFresh', readTokens(wire.input_tokens)),
    putRest(out, 'outputText', readTokens(wire.output_tokens)),
  ].includes(true);
  return { usage: { ...into, ...out }, estimated: isOver };
}

/** The event of a response's usage and queue, when it tells any. */
export function usageEvents(response: JsonObject): Event[] {
  const serviceTier = textOf(response.service_tier);
  if (!isObject(response.usage) && serviceTier === '') return [];
  const { usage, estimated } = readUsage(isObject(response.usage) ? response.usage : {});
  const event: Event = { type: 'usage', usage };
  if (estimated) event.estimated = true;
  if (serviceTier !== '') event.serviceTier = serviceTier;
  return [event];
}

/** Disjoint classes become totals with parts inside. Undefined when no class is known. */
export function writeUsage(usage: Usage): JsonObject | undefined {
  if (Object.keys(usage).length === 0) return undefined;
  const {
    inputFresh,
    inputCacheRead = 0,
    inputCacheWrite,
    inputCacheWrite1h,
    inputAudio,
    inputImage,
  } = usage;
  const { outputText, outputThinking = 0, outputAudio, outputImage } = usage;
  const written = sumTokens([inputCacheWrite, inputCacheWrite1h]);
  const input = sumTokens([inputFresh, inputCacheRead, written, inputAudio, inputImage]);
  const output = sumTokens([outputText, outputThinking, outputAudio, outputImage]);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: inputCacheRead,
      cache_write_tokens: written,
      ...known({ audio_tokens: inputAudio, image_tokens: inputImage }),
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: outputThinking,
      ...known({ audio_tokens: outputAudio, image_tokens: outputImage }),
    },
    total_tokens: input + output,
  };
}

function known(details: { [key: string]: number | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function detailsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
