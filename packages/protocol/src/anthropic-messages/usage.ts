import { isObject, type Json, type JsonObject } from '../json.ts';
import { toolUsesOf } from '../tell-usage.ts';
import { type Billing, putTokens, readTokens, sumKnown, sumTokens, type Usage } from '../usage.ts';
import { TIER_TOLD } from './wire.ts';

/**
 * Anthropic counts cache reads and writes outside `input_tokens`, and thinking inside `output_tokens`. The tokens of a
 * compaction are billed but counted only in `iterations`. Source: the Messages API reference, `Usage`; the compaction
 * page. `estimated` marks figures whose parts are larger than their total.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const usage: Usage = {};
  const compactions = compactionsOf(wire.iterations);
  const total = (name: string): number | undefined =>
    compactions.reduce((sum, one) => add(sum, readTokens(one[name])), readTokens(wire[name]));
  putTokens(usage, 'inputFresh', total('input_tokens'));
  putTokens(usage, 'inputCacheRead', total('cache_read_input_tokens'));
  const isWriteOdd = readWrites(usage, wire, total('cache_creation_input_tokens'));
  const details = isObject(wire.output_tokens_details) ? wire.output_tokens_details : {};
  const thinking = readTokens(details.thinking_tokens);
  const output = total('output_tokens');
  putTokens(usage, 'outputThinking', thinking);
  if (output !== undefined) usage.outputText = Math.max(0, output - (thinking ?? 0));
  return { usage, estimated: isWriteOdd || (output !== undefined && output < (thinking ?? 0)) };
}

/** True when the one-hour writes are more than all writes. */
function readWrites(usage: Usage, wire: JsonObject, total: number | undefined): boolean {
  const split = isObject(wire.cache_creation) ? wire.cache_creation : {};
  const hour = readTokens(split.ephemeral_1h_input_tokens);
  const minutes = total === undefined ? readTokens(split.ephemeral_5m_input_tokens) : total - (hour ?? 0);
  putTokens(usage, 'inputCacheWrite1h', hour);
  if (minutes !== undefined) usage.inputCacheWrite = Math.max(0, minutes);
  return minutes !== undefined && minutes < 0;
}

/** Later figures replace earlier ones; null says nothing. */
export function mergeUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier };
  for (const key in later) if (later[key] !== null) merged[key] = later[key];
  return merged;
}

/**
 * The queue that answered, with fast replies as a queue of their own, which is how they are billed; where it was; and
 * the tools that ran at the provider.
 */
export function readBilling(wire: JsonObject): Billing {
  const { service_tier: tier, speed, inference_geo: geo } = wire;
  const tools = isObject(wire.server_tool_use) ? wire.server_tool_use : {};
  const billing: Billing = {
    toolUses: toolUsesOf({
      webSearch: readTokens(tools.web_search_requests),
      webFetch: readTokens(tools.web_fetch_requests),
    }),
  };
  if (typeof tier === 'string') billing.serviceTier = tier === TIER_TOLD ? 'default' : tier;
  if (speed === FAST) billing.serviceTier = FAST;
  if (typeof geo === 'string') billing.geo = geo;
  return billing;
}

/** The wire tells the speed beside the queue. */
const FAST = 'fast';

/** The wire's two required counts are 0 when nobody reported them. */
export function writeUsage(usage: Usage, { serviceTier, geo, toolUses }: Billing): JsonObject {
  const { inputFresh, inputAudio, inputImage, inputCacheReadAudio, inputCacheReadImage } = usage;
  const { outputText, outputThinking, outputAudio, outputImage } = usage;
  const { inputCacheWrite, inputCacheWrite1h } = usage;
  const inputCacheRead = sumKnown([usage.inputCacheRead, inputCacheReadAudio, inputCacheReadImage]);
  const wire: JsonObject = {
    input_tokens: sumTokens([inputFresh, inputAudio, inputImage]),
    output_tokens: sumTokens([outputText, outputThinking, outputAudio, outputImage]),
  };
  if (inputCacheRead !== undefined) wire.cache_read_input_tokens = inputCacheRead;
  if (inputCacheWrite !== undefined || inputCacheWrite1h !== undefined)
    wire.cache_creation_input_tokens = sumTokens([inputCacheWrite, inputCacheWrite1h]);
  if (inputCacheWrite1h !== undefined) {
    wire.cache_creation = {
      ephemeral_5m_input_tokens: inputCacheWrite ?? 0,
      ephemeral_1h_input_tokens: inputCacheWrite1h,
    };
  }
  if (outputThinking !== undefined) wire.output_tokens_details = { thinking_tokens: outputThinking };
  if (serviceTier === FAST) wire.speed = FAST;
  else if (serviceTier !== undefined) wire.service_tier = serviceTier === 'default' ? TIER_TOLD : serviceTier;
  if (geo !== undefined) wire.inference_geo = geo;
  if (toolUses?.webSearch !== undefined || toolUses?.webFetch !== undefined) {
    const { webSearch = 0, webFetch = 0 } = toolUses;
    wire.server_tool_use = { web_search_requests: webSearch, web_fetch_requests: webFetch };
  }
  return wire;
}

function compactionsOf(iterations: Json | undefined): JsonObject[] {
  if (!Array.isArray(iterations)) return [];
  return iterations.filter(isObject).filter((one) => one.type === 'compaction');
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
