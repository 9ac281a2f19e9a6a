import { isObject, type Json, type JsonObject, parseJson } from '@app/protocol';

/** Log probabilities, by whatever name: they tell a text token by token, which nobody who looks for values can read. */
const TOKEN_WISE = /^(?:top_?|token_?|chosen_?|output_?)?log_?probs?(?:_?(?:result|content|candidates))?s?$/i;
const MAY_BE_TOKEN_WISE = /log_?prob/i;
/** A text may be sent as numbers of tokens, which is as good as the text. */
const TEXTS: ReadonlySet<string> = new Set(['prompt', 'input']);
const TOKENS = '[TOKENS]';
const DEPTH_MAX = 100;

/**
 * A request or a reply without texts in pieces: they say what was said, and no redaction finds a value in them. What has none
 * comes back as it is. JSON in strings is looked into as well.
 */
export function dropTokens<T>(value: T): T;
export function dropTokens(value: Json): Json {
  return isObject(value) ? dropNumbered(dropListed(value, 0)) : dropListed(value, 0);
}

function dropNumbered(value: Json): Json {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([key, each]) => TEXTS.has(key) && isTokens(each))) return value;
  return Object.fromEntries(
    entries.map(([key, each]) => [key, TEXTS.has(key) && isTokens(each) ? TOKENS : each]),
  );
}

function isTokens(value: Json | undefined): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each) => typeof each === 'number' || isTokens(each));
}

function dropListed(value: Json, depth: number): Json {
  if (typeof value === 'string') return dropInText(value, depth);
  // What is deeper is left out when values are looked for.
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) {
    const dropped = value.map((each) => dropListed(each, depth + 1));
    return dropped.every((each, place) => each === value[place]) ? value : dropped;
  }
  return dropFields(value, depth);
}

function dropFields(object: JsonObject, depth: number): JsonObject {
  let isSame = true;
  const entries: [string, Json][] = [];
  for (const [key, each] of Object.entries(object)) {
    if (each === undefined) continue;
    const isDropped = holdsAny(each) && TOKEN_WISE.test(key);
    const dropped = isDropped ? null : dropListed(each, depth + 1);
    isSame &&= dropped === each;
    entries.push([key, dropped]);
  }
  return isSame ? object : Object.fromEntries(entries);
}

function holdsAny(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function dropInText(text: string, depth: number): string {
  if (!/^\s{0,20}[[{]/.test(text) || !MAY_BE_TOKEN_WISE.test(text)) return text;
  const nested = parseJson(text);
  if (typeof nested !== 'object' || nested === null) return text;
  const dropped = dropListed(nested, depth + 1);
  return dropped === nested ? text : JSON.stringify(dropped);
}
