import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';

/**
 * Cache reads and writes stand beside `inputTokens`, not in it. Thinking is part of the output and not told apart.
 * Source: the Bedrock API reference, `TokenUsage`; the user guide's page on prompt caching.
 */
export function readUsage(wire: JsonObject): { usage: Usage; estimated: boolean } {
  const usage: Usage = {};
  put(usage, 'inputFresh', count(wire.inputTokens));
  put(usage, 'inputCacheRead', count(wire.cacheReadInputTokens));
  put(usage, 'outputText', count(wire.outputTokens));
  const written = count(wire.cacheWriteInputTokens);
  const hour = hourOf(wire.cacheDetails);
  put(usage, 'inputCacheWrite1h', hour);
  if (written !== undefined) usage.inputCacheWrite = Math.max(0, written - (hour ?? 0));
  return { usage, estimated: written !== undefined && written < (hour ?? 0) };
}

/** Tokens written for an hour; the details name each lifetime once. */
function hourOf(details: Json | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const hour = details.filter(isObject).find(({ ttl }) => ttl === '1h');
  return count(hour?.inputTokens);
}

function put(usage: Usage, name: keyof Usage, value: number | undefined): void {
  if (value !== undefined) usage[name] = value;
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
