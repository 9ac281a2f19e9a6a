import { isObject, type Json, type JsonObject } from '../json.ts';
import { putTokens, readTokens, type Usage } from '../usage.ts';

/**
 * Cache reads and writes stand beside `inputTokens`, not in it. Thinking is part of the output and not told apart.
 * Source: the Bedrock API reference, `TokenUsage`; the user guide's page on prompt caching.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const usage: Usage = {};
  putTokens(usage, 'inputFresh', readTokens(wire.inputTokens));
  putTokens(usage, 'inputCacheRead', readTokens(wire.cacheReadInputTokens));
  putTokens(usage, 'outputText', readTokens(wire.outputTokens));
  const written = readTokens(wire.cacheWriteInputTokens);
  const hour = hourOf(wire.cacheDetails);
  putTokens(usage, 'inputCacheWrite1h', hour);
  if (written !== undefined) usage.inputCacheWrite = Math.max(0, written - (hour ?? 0));
  return { usage, estimated: written !== undefined && written < (hour ?? 0) };
}

/** Tokens written for an hour; the details name each lifetime once. */
function hourOf(details: Json | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const hour = details.filter(isObject).find(({ ttl }) => ttl === '1h');
  return readTokens(hour?.inputTokens);
}
