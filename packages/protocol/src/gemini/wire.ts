import { GatewayError } from '../error.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';

/**
 * Words of the wire. Source: Google's reference of `models.generateContent` (Gemini API) and `GenerateContent` (Vertex
 * AI), and the types of its official client where they add to it.
 */
export const ID = 'gemini';
/** Whose signatures the wire carries by itself. */
export const MAKER = 'google';
export const PATHS = {
  whole: '/models/{model}:generateContent',
  stream: '/models/{model}:streamGenerateContent?alt=sse',
};

/** `model` and `stream` are no fields of Google's: its path says both, and whoever reads the path adds them. */
export const CALL_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
  'labels',
]);

/**
 * One message of the protocol buffers with its fields in camel case: their JSON form may spell them either way. What
 * is inside a field stays as it is. Source: the protocol buffers' guide, "ProtoJSON format".
 */
export function camelled(object: JsonObject): JsonObject {
  let copy: JsonObject | undefined;
  for (const key in object) {
    if (!key.includes('_') || key.startsWith('_')) continue;
    copy ??= { ...object };
    delete copy[key];
    const name = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    copy[name] ??= object[key];
  }
  return copy ?? object;
}

/**
 * Refuses a field that is there in both spellings: which of them counts is Google's choice, so nobody could say what
 * the call asks for.
 */
export function refuseTwice(object: JsonObject, at: string): void {
  for (const key in object) {
    if (!key.includes('_')) continue;
    const name = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (name === key || !Object.hasOwn(object, name)) continue;
    const param = at === '' ? key : `${at}.${key}`;
    const message = `\`${param}\` is there in two spellings; send \`${name}\` alone.`;
    throw new GatewayError('invalid_parameter', message, { param, retryable: false });
  }
}

/** Google takes a lone message where a list of them is meant, as its own examples send it. */
export function listOf(value: Json | undefined): Json | undefined {
  return isObject(value) ? [value] : value;
}

/** Models of this generation want other things than those before it. */
export function isGemini3(model: string): boolean {
  return /(?:^|\/)gemini-3/.test(model);
}

/**
 * Gemini's calls may have no id, and everybody else's need one. One that we made up never reaches a Gemini provider, so
 * it can be told from all others. `source` makes it unique: the reply's id, or the place in the conversation.
 */
export function inventId(source: string | number, place: number): string {
  return `${INVENTED}${source}_${place}`;
}

export function isInvented(id: string): boolean {
  return id.startsWith(INVENTED);
}

const INVENTED = 'gm_call_';

/** Arguments that are not a JSON object travel under this name, as in Anthropic's wire. */
const BROKEN_INPUT = 'INVALID_JSON';

/** A tool call's JSON text as the object that the wire wants; an empty text is an empty object. */
export function writeInput(text: string): JsonObject {
  if (text === '') return {};
  const value = parseJson(text);
  return isObject(value) ? value : { [BROKEN_INPUT]: text };
}

export function readInput(args: Json | undefined): string {
  if (isObject(args)) {
    const broken = args[BROKEN_INPUT];
    if (typeof broken === 'string' && Object.keys(args).length === 1) return broken;
  }
  return JSON.stringify(args ?? {});
}
