import { isObject, type Json, type JsonObject } from '../json.ts';
import { toolUsesOf } from '../tell-usage.ts';
import {
  putCached,
  putRest,
  putTokens,
  readTokens,
  sumKnown,
  sumTokens,
  type ToolUses,
  type Usage,
  withCachedKinds,
} from '../usage.ts';

/**
 * Totals with parts inside become disjoint classes. Source: OpenAI's `CompletionUsage`: `prompt_tokens` includes the
 * cached, written, audio and image tokens; `completion_tokens` includes reasoning and audio. `estimated` marks figures
 * whose parts are larger than their total.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const input = readInput(wire);
  const output = readOutput(wire);
  return { usage: { ...input.usage, ...output.usage }, estimated: input.estimated || output.estimated };
}

function readInput(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const details = detailsOf(wire.prompt_tokens_details);
  const usage: Usage = {};
  // DeepSeek and Moonshot report cache reads beside the details, and gateways in front of Anthropic in its words.
  const cacheRead =
    readTokens(details.cached_tokens) ??
    readTokens(wire.prompt_cache_hit_tokens) ??
    readTokens(wire.cached_tokens) ??
    readTokens(wire.cache_read_input_tokens);
  putCached(usage, cacheRead, details);
  const written =
    readTokens(details.cache_write_tokens) ??
    readTokens(details.cache_creation_tokens) ??
    readTokens(wire.cache_creation_input_tokens);
  putTokens(usage, 'inputCacheWrite', written);
  const total = readTokens(wire.prompt_tokens);
  return { usage, estimated: putRest(usage, 'inputFresh', total) };
}

function readOutput(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const details = detailsOf(wire.completion_tokens_details);
  const usage: Usage = {};
  const thinking = readTokens(details.reasoning_tokens) ?? readTokens(wire.reasoning_tokens);
  putTokens(usage, 'outputThinking', thinking);
  putTokens(usage, 'outputAudio', readTokens(details.audio_tokens));
  putTokens(usage, 'outputImage', readTokens(details.image_tokens));
  const completion = readTokens(wire.completion_tokens);
  // xAI counts reasoning beside the completion; its total gives that away.
  const isBeside =
    completion !== undefined &&
    (thinking ?? 0) > 0 &&
    readTokens(wire.total_tokens) === (readTokens(wire.prompt_tokens) ?? 0) + completion + (thinking ?? 0);
  return {
    usage,
    estimated: putRest(usage, 'outputText', isBeside ? completion + (thinking ?? 0) : completion),
  };
}

/** xAI says which of its tools ran, Perplexity how often it searched. Source: their references of `usage`. */
export function readToolUses(wire: JsonObject): ToolUses {
  const details = detailsOf(wire.server_side_tool_usage_details);
  return toolUsesOf({
    webSearch: readTokens(details.web_search_calls) ?? readTokens(wire.num_search_queries),
    socialSearch: readTokens(details.x_search_calls),
    codeExecution: readTokens(details.code_interpreter_calls),
    fileSearch: sumKnown([readTokens(details.file_search_calls), readTokens(details.document_search_calls)]),
    imageGeneration: readTokens(details.image_generation_calls),
  });
}

/** OpenAI's queues. Groq calls the default one `on_demand`; queues of other makers have no word here. */
const TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast']);

/** The queue that answered; '' when it is not told. */
export function readTier(wire: Json | undefined): string {
  if (typeof wire !== 'string') return '';
  return wire === 'on_demand' ? 'default' : wire;
}

export function writeTier(serviceTier: string | undefined): JsonObject {
  return serviceTier !== undefined && TIERS.has(serviceTier) ? { service_tier: serviceTier } : {};
}

/** Disjoint classes become totals with parts inside. Undefined when no class is known. */
export function writeUsage(usage: Usage): JsonObject | undefined {
  const { inputFresh, inputCacheWrite, inputCacheWrite1h } = usage;
  const { inputCacheRead, inputAudio, inputImage } = withCachedKinds(usage);
  const { outputText, outputThinking, outputAudio, outputImage } = usage;
  if (Object.keys(usage).length === 0) return undefined;
  const written =
    inputCacheWrite === undefined && inputCacheWrite1h === undefined
      ? undefined
      : sumTokens([inputCacheWrite, inputCacheWrite1h]);
  const prompt = sumTokens([inputFresh, inputCacheRead, written, inputAudio, inputImage]);
  const completion = sumTokens([outputText, outputThinking, outputAudio, outputImage]);
  const wire: JsonObject = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
  const promptDetails = known({
    cached_tokens: inputCacheRead,
    cache_write_tokens: written,
    audio_tokens: inputAudio,
    image_tokens: inputImage,
  });
  const completionDetails = known({
    reasoning_tokens: outputThinking,
    audio_tokens: outputAudio,
    image_tokens: outputImage,
  });
  if (promptDetails !== undefined) wire.prompt_tokens_details = promptDetails;
  if (completionDetails !== undefined) wire.completion_tokens_details = completionDetails;
  return wire;
}

function known(details: { [key: string]: number | undefined }): JsonObject | undefined {
  const entries = Object.entries(details).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function detailsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
