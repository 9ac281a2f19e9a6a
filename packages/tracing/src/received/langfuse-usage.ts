import type { IngestSpan } from '@app/contract';
import { isObject, type Json, type JsonObject } from '@app/protocol';
import { countOf } from './text-at.ts';

type Classes = NonNullable<IngestSpan['usage']>;

export type LangfuseUsage = {
  usage?: Classes;
  usage_estimated?: true;
  givenUsd?: number;
};

/** Langfuse prices each name by itself, so its names are disjoint. What is not here is kept with the metadata. */
const NAMES: { [name: string]: keyof Classes } = {
  input: 'input_fresh',
  input_cached_tokens: 'input_cache_read',
  input_cache_read: 'input_cache_read',
  cache_read_input_tokens: 'input_cache_read',
  input_cache_creation: 'input_cache_write',
  cache_creation_input_tokens: 'input_cache_write',
  input_cache_creation_5m: 'input_cache_write',
  input_cache_creation_1h: 'input_cache_write_1h',
  input_audio_tokens: 'input_audio',
  input_audio: 'input_audio',
  input_image: 'input_image',
  output: 'output_text',
  output_reasoning_tokens: 'output_thinking',
  output_reasoning: 'output_thinking',
  output_audio_tokens: 'output_audio',
  output_audio: 'output_audio',
};

/**
 * Usage and cost of an observation in the disjoint classes: `usageDetails` in Langfuse's own names or in OpenAI's, else the
 * older `usage`. Source: Langfuse's OpenAPI description, `UsageDetails`, `IngestionUsage` and `costDetails`.
 */
export function readLangfuseUsage(body: JsonObject): LangfuseUsage {
  const details = isObject(body.usageDetails) ? body.usageDetails : undefined;
  const legacy = isObject(body.usage) ? body.usage : undefined;
  const givenUsd = costOf(body.costDetails) ?? legacyCost(legacy);
  const read = details === undefined ? readLegacy(legacy) : readDetails(details);
  return { ...read, ...(givenUsd === undefined ? {} : { givenUsd }) };
}

function readDetails(details: JsonObject): LangfuseUsage {
  if (details.prompt_tokens !== undefined)
    return readTotals(details, [
      'prompt_tokens',
      'completion_tokens',
      'prompt_tokens_details',
      'completion_tokens_details',
    ]);
  if (details.input_tokens !== undefined && details.input === undefined)
    return readTotals(details, [
      'input_tokens',
      'output_tokens',
      'input_tokens_details',
      'output_tokens_details',
    ]);
  const usage: Classes = {};
  for (const [name, value] of Object.entries(details)) {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    const count = countOf(value);
    if (known !== undefined && count !== undefined) usage[known] = (usage[known] ?? 0) + count;
  }
  return withUsage(usage);
}

/** OpenAI's totals include what their details name. */
function readTotals(details: JsonObject, names: [string, string, string, string]): LangfuseUsage {
  const [input, output] = [countOf(details[names[0]]), countOf(details[names[1]])];
  const into = objectOf(details[names[2]]);
  const out = objectOf(details[names[3]]);
  const usage: Classes = {};
  put(usage, 'input_cache_read', into.cached_tokens);
  put(usage, 'input_cache_write', into.cache_write_tokens);
  put(usage, 'input_audio', into.audio_tokens);
  put(usage, 'output_thinking', out.reasoning_tokens);
  put(usage, 'output_audio', out.audio_tokens);
  const { input_cache_read = 0, input_cache_write = 0, input_audio = 0 } = usage;
  const { output_thinking = 0, output_audio = 0 } = usage;
  if (input !== undefined) usage.input_fresh = input - input_cache_read - input_cache_write - input_audio;
  if (output !== undefined) usage.output_text = output - output_thinking - output_audio;
  return withUsage(usage);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Units other than tokens are no tokens. */
function readLegacy(legacy: JsonObject | undefined): LangfuseUsage {
  const isTokens = legacy?.unit === undefined || legacy.unit === null || legacy.unit === 'TOKENS';
  if (legacy === undefined || !isTokens) return {};
  const usage: Classes = {};
  put(usage, 'input_fresh', legacy.input ?? legacy.promptTokens);
  put(usage, 'output_text', legacy.output ?? legacy.completionTokens);
  return withUsage(usage);
}

/** Parts that are larger than their total leave nothing, and the counts are then no more than an estimate. */
function withUsage(usage: Classes): LangfuseUsage {
  if (Object.keys(usage).length === 0) return {};
  const { input_fresh = 0, output_text = 0 } = usage;
  if (input_fresh >= 0 && output_text >= 0) return { usage };
  const floor: Classes = { ...usage };
  if (input_fresh < 0) floor.input_fresh = 0;
  if (output_text < 0) floor.output_text = 0;
  return { usage: floor, usage_estimated: true };
}

function put(usage: Classes, name: keyof Classes, value: Json | undefined): void {
  const count = countOf(value);
  if (count !== undefined) usage[name] = count;
}

function costOf(details: Json | undefined): number | undefined {
  if (!isObject(details)) return undefined;
  if (isCost(details.total)) return details.total;
  return sumOf(Object.values(details));
}

function legacyCost(legacy: JsonObject | undefined): number | undefined {
  if (legacy === undefined) return undefined;
  return isCost(legacy.totalCost) ? legacy.totalCost : sumOf([legacy.inputCost, legacy.outputCost]);
}

function sumOf(costs: (Json | undefined)[]): number | undefined {
  const known = costs.filter(isCost);
  return known.length === 0 ? undefined : known.reduce((sum, cost) => sum + cost, 0);
}

function isCost(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
