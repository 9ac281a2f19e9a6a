import type { CacheMark } from '../call.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';

/** Source: the Amazon Bedrock API reference, `Converse` and `ConverseStream`, and the types they name. */
export const ID = 'bedrock-converse';
export const PATHS = { whole: '/model/{model}/converse', stream: '/model/{model}/converse-stream' };

/** Whose seals the wire carries: only Anthropic's models sign what they thought. */
export const MAKER = 'anthropic';

/**
 * Whose model answers, which decides what else a request may say. An id without a known maker (an inference profile's
 * ARN, say) is taken for the one that has the most to say.
 */
export type Family = 'claude' | 'nova' | 'gpt' | 'other';

const MAKERS =
  /(?:^|[./])(amazon|openai|ai21|cohere|deepseek|google|meta|minimax|mistral|moonshot|nvidia|qwen|stability|twelvelabs|writer|zai)\./;

export function familyOf(model: string): Family {
  const maker = MAKERS.exec(model)?.[1];
  if (maker === undefined) return 'claude';
  if (maker === 'amazon') return 'nova';
  return maker === 'openai' ? 'gpt' : 'other';
}

/** Input that is not a JSON object travels under this name, as the wire takes nothing else. */
const BROKEN_INPUT = 'INVALID_JSON';

/** A tool call's JSON text as the object that the wire wants; an empty text is an empty object. */
export function writeInput(text: string): JsonObject {
  if (text === '') return {};
  const value = parseJson(text);
  return isObject(value) ? value : { [BROKEN_INPUT]: text };
}

export function readInput(input: Json | undefined): string {
  if (isObject(input)) {
    const broken = input[BROKEN_INPUT];
    if (typeof broken === 'string' && Object.keys(input).length === 1) return broken;
  }
  return JSON.stringify(input ?? {});
}

/** What stands behind the last block of a prefix that is to be cached. Five minutes are what it means by itself. */
export function writeCachePoint(cache: CacheMark): JsonObject {
  return { cachePoint: cache.lifetime === '1h' ? { type: 'default', ttl: '1h' } : { type: 'default' } };
}

/** Other makers' models refuse cache points. */
export function mayCache(family: Family): boolean {
  return family === 'claude' || family === 'nova';
}
