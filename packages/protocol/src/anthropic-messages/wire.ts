import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';

/** Words of the wire. Source: Anthropic's Messages API reference, its streaming, tool use and error pages. */
export const ID = 'anthropic-messages';
export const PATH = '/messages';
/** Whose seals `signature` holds. */
export const MAKER = 'anthropic';

/** The wire requires a limit; this one is taken when the caller named none. A thinking budget is added to it. */
export const OUTPUT_TOKENS_DEFAULT = 8_192;

/** The queue that others call `default`. A call asks for it, a reply tells of it. */
export const TIER_ASKED = 'standard_only';
export const TIER_TOLD = 'standard';

export const CALL_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'system',
  'messages',
  'tools',
  'tool_choice',
  'output_config',
  'output_format',
  'thinking',
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'stop_sequences',
  'stream',
  'metadata',
  'service_tier',
]);

/**
 * Input that is not a JSON object travels under this name, as Anthropic's page on fine-grained tool streaming advises
 * for broken JSON.
 */
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
