import type { Json } from '../json.ts';
import { carrySignature, readSignature, type Signature } from '../signature.ts';

/**
 * Words of the wire. Source: OpenAI's OpenAPI document, `POST /responses`; the Open Responses specification, xAI and
 * LM Studio where they add to it; the older forms of TokenRouter's own clients.
 */
export const ID = 'openai-responses';
export const PATH = '/responses';
export const MAKER = 'openai';

/** Asks for the log probabilities of a text, and for the encrypted thinking of a reasoning item. */
export const INCLUDE_LOGPROBS = 'message.output_text.logprobs';
export const INCLUDE_THINKING = 'reasoning.encrypted_content';

export const CALL_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'response_format',
  'reasoning',
  'include',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'stop',
  'top_logprobs',
  'max_output_tokens',
  'service_tier',
  'metadata',
  'prompt_cache_key',
  'safety_identifier',
  'user',
  'stream',
  'stream_options',
]);

type ItemPrefix = 'msg' | 'fc' | 'rs' | 'ig';

const BASE_CHARS_MAX = 40;
const MADE_UP = /^(?:msg|fc|rs|ig)_tr_.*_\d+$/s;

/** An item's id that we make: the same for the same reply and place. OpenAI takes no id above 64 characters back. */
export function itemId(prefix: ItemPrefix, replyId: string, place: number): string {
  const base = replyId
    .replace(/^resp_/, '')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, BASE_CHARS_MAX);
  return `${prefix}_tr_${base}_${place}`;
}

/** The provider's own id of an item, or undefined when it has none or we made it up. */
export function realId(id: Json | undefined): string | undefined {
  return typeof id === 'string' && id !== '' && !MADE_UP.test(id) ? id : undefined;
}

const AFTER = 'trs1.';

/**
 * The seal of a text, a tool call or an image (Google's models seal those): this wire has a field for seals only in
 * reasoning items, so one without thinking follows the part.
 */
export function carrySeal(signature: Signature): string {
  return AFTER + carrySignature(signature, MAKER);
}

/** The seal of the part before, when the text is what `carrySeal` wrote. */
export function readSeal(encrypted: string): Signature | undefined {
  return encrypted.startsWith(AFTER) ? readSignature(encrypted.slice(AFTER.length), MAKER) : undefined;
}

/** A seal as one text that holds its maker's id of the part too, where the item has another. */
export function carryWithId(signature: Signature): string {
  const { maker, id } = signature;
  return carrySignature(signature, maker === MAKER && id !== undefined ? OTHER_MAKER : MAKER);
}

/** Seals of our own maker are carried like foreign ones for anyone else. */
const OTHER_MAKER = 'google';

/** The type of a file behind an address, where its name gives it away. */
export function typeOfUrl(url: string): string | undefined {
  return /\.pdf(?:[?#]|$)/i.test(url) ? 'application/pdf' : undefined;
}
