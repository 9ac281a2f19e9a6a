import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { readToolUses } from '../openai-chat/usage.ts';
import { findUsage, tellUsage, toolUsesOf } from '../tell-usage.ts';
import {
  putCached,
  putRest,
  putTokens,
  readTokens,
  sumTokens,
  type ToolUses,
  type Usage,
  withCachedKinds,
} from '../usage.ts';

/**
 * Totals with parts inside become disjoint classes. Source: OpenAI's `ResponseUsage`: `input_tokens` includes the cached
 * and written tokens, `output_tokens` the reasoning. The wire always names all details, so a write of 0 tokens says no
 * more than none. `estimated` marks figures whose parts are larger than their total.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const input = detailsOf(wire.input_tokens_details);
  const output = detailsOf(wire.output_tokens_details);
  const into: Usage = {};
  putCached(into, readTokens(input.cached_tokens), input);
  putTokens(into, 'inputCacheWrite', readTokens(input.cache_write_tokens) || undefined);
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
  const stated = isObject(response.usage) ? response.usage : {};
  const billing = { serviceTier: textOf(response.service_tier), toolUses: readUses(stated, response.output) };
  if (!isObject(response.usage) && findUsage({ usage: {}, estimated: false, billing }) === undefined)
    return [];
  return [tellUsage({ ...readUsage(stated), billing })];
}

/** OpenAI tells its tools' runs as items of the output, xAI as figures. A search that opens a page of another is none. */
function readUses(stated: JsonObject, output: Json | undefined): ToolUses {
  if (isObject(stated.server_side_tool_usage_details)) return readToolUses(stated);
  const items = Array.isArray(output) ? output.filter(isObject) : [];
  const count = (type: string): number => items.filter((item) => item.type === type && isRun(item)).length;
  return toolUsesOf({
    webSearch: count('web_search_call'),
    fileSearch: count('file_search_call'),
    codeExecution: count('code_interpreter_call'),
    imageGeneration: count('image_generation_call'),
  });
}

function isRun({ action }: JsonObject): boolean {
  return !isObject(action) || action.type === undefined || !PAGE_ACTIONS.has(action.type);
}

const PAGE_ACTIONS: ReadonlySet<Json> = new Set(['open_page', 'find_in_page']);

/** Disjoint classes become totals with parts inside. Undefined when no class is known. */
export function writeUsage(usage: Usage): JsonObject | undefined {
  if (Object.keys(usage).length === 0) return undefined;
  const { inputFresh, inputCacheWrite, inputCacheWrite1h } = usage;
  const { inputCacheRead = 0, inputAudio, inputImage } = withCachedKinds(usage);
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
