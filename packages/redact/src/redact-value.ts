import { looksSecret, secrecyOf } from './secret-names.ts';

/**
 * How strings are redacted: `words` are those of the field they stand in. Without `secret`, names do not matter.
 * `names` remembers names of fields that hold nothing private: the same few come with every value.
 */
export type Redact = {
  text(text: string, words: string): string;
  secret?(value: string): string;
  names: Map<string, FieldName>;
};

/** What is known of a field by its name: how the name is shown, and which words it puts before its value, if any. */
export type FieldName = { shown: string; secrecy: ReturnType<typeof secrecyOf>; words: string | undefined };

const DEPTH_MAX = 100;
const NESTED_MAX = 5;
const JSON_CHARS_MAX = 4_000_000;
const DATA_URI = /^data:[a-z0-9.+/-]{0,80}(?:;[a-z0-9=._-]{1,60}){0,4};base64,/i;
const BASE64 = /^[A-Za-z0-9+/\r\n]{512,}={0,2}\s{0,2}$/;
const SCHEME = /^(?:bearer|basic|token|digest|apikey) /i;
const PLACEHOLDER =
  /^(?:(?:bearer|basic|token|digest|apikey) )?\[[A-Z][A-Z0-9_]{0,40}_[A-Za-z0-9-]{1,64}\]$/i;
const SCHEMA_WORDS =
  /^(?:type|description|title|format|enum|minLength|maxLength|pattern|default|nullable|examples?|\$ref|anyOf|oneOf|writeOnly|readOnly|const)$/;
const NUMBER_DIGITS_MIN = 7;
const NAMES_MAX = 1000;
const NAME_CHARS_MAX = 64;
const BASE64_CHARS_MIN = 512;

type Walk = { redact: Redact; seen: Map<object, unknown>; nested: number };
type Place = { depth: number; words: string };

const CIRCULAR = '[CIRCULAR]';
const TOO_DEEP = '[TOO_DEEP]';

/** The value with keys and strings redacted; itself, not a copy, where nothing was. */
export function redactValue<T>(value: T, redact: Redact): T;
export function redactValue(value: unknown, redact: Redact): unknown {
  return walk(value, { depth: 0, words: '' }, { redact, seen: new Map(), nested: 0 });
}

function walk(value: unknown, place: Place, state: Walk): unknown {
  if (typeof value === 'string') return redactString(value, place, state);
  if (typeof value === 'number' || typeof value === 'bigint') return redactNumber(value, place, state);
  if (typeof value !== 'object' || value === null) return value;
  if (place.depth >= DEPTH_MAX) return TOO_DEEP;
  const known = state.seen.get(value);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  state.seen.set(value, CIRCULAR);
  const walked = Array.isArray(value) ? walkList(value, place, state) : walkObject(value, place, state);
  state.seen.set(value, walked);
  return walked;
}

function walkList(list: readonly unknown[], { depth, words }: Place, state: Walk): readonly unknown[] {
  let isSame = true;
  const walked = list.map((item, at) => {
    const name = list[at - 1];
    const isNamed =
      typeof item === 'string' && typeof name === 'string' && isHeaderName(name) && at % 2 === 1;
    const redacted = isNamed ? redactSecret(item, state) : walk(item, { depth: depth + 1, words }, state);
    isSame &&= redacted === item;
    return redacted;
  });
  return isSame ? list : walked;
}

function walkObject(object: object, { depth, words }: Place, state: Walk): object {
  let isSame = true;
  const named = nameOf(object);
  const entries = Object.entries(object);
  for (const entry of entries) {
    const [key, value] = entry;
    const name = nameFor(key, state);
    const isValueOfNamed = named !== undefined && (key === 'value' || key === 'values');
    const field = isValueOfNamed ? nameFor(named, state) : name;
    const place = { depth: depth + 1, words: field.words ?? words };
    const redacted = redactField(field, value, { place, state });
    if (redacted === value && name.shown === key) continue;
    isSame = false;
    entry[0] = name.shown;
    entry[1] = redacted;
  }
  return isSame ? object : Object.fromEntries(entries);
}

function nameFor(key: string, state: Walk): FieldName {
  const { names } = state.redact;
  const known = names.get(key);
  if (known !== undefined) return known;
  const shown = redactString(key, { depth: 0, words: '' }, { ...state, nested: NESTED_MAX });
  const name = { shown, secrecy: secrecyOf(key), words: wordsOf(key) };
  if (shown === key && key.length <= NAME_CHARS_MAX && names.size < NAMES_MAX) names.set(key, name);
  return name;
}

function redactField(
  name: FieldName,
  value: unknown,
  { place, state }: { place: Place; state: Walk },
): unknown {
  const secrecy = state.redact.secret === undefined ? undefined : name.secrecy;
  if (secrecy === undefined || !holds(value)) return walk(value, place, state);
  if (typeof value === 'string' && secrecy === 'maybe' && !looksSecret(value))
    return walk(value, place, state);
  if (typeof value === 'object' && (secrecy === 'maybe' || isSchema(value))) return walk(value, place, state);
  if (typeof value === 'number' && secrecy === 'maybe') return walk(value, place, state);
  return redactSecret(value, state);
}

/** Whole, with the scheme of a header before it; a value that is a placeholder stays one. */
function redactSecret(value: unknown, { redact }: Walk): unknown {
  if (redact.secret === undefined) return value;
  if (typeof value !== 'string') return redact.secret(writeJson(value));
  if (PLACEHOLDER.test(value) || value === '') return value;
  const scheme = SCHEME.exec(value)?.[0] ?? '';
  return scheme + redact.secret(value.slice(scheme.length));
}

function redactString(text: string, place: Place, state: Walk): string {
  if (text.length < 4) return text;
  if (isEncoded(text)) return text;
  const nested = parseNested(text, state);
  if (nested !== undefined) {
    const walked = walk(nested, place, { ...state, seen: new Map(), nested: state.nested + 1 });
    return walked === nested
      ? text
      : JSON.stringify(walked, undefined, /^[[{]\r?\n( {1,8}|\t)/.exec(text)?.[1]);
  }
  return state.redact.text(text, place.words);
}

/** Bytes as text, which the letters of base64 are. */
function isEncoded(text: string): boolean {
  const isData = (text.charCodeAt(0) | 32) === 100 && DATA_URI.test(text.slice(0, 400));
  return isData || (text.length >= BASE64_CHARS_MIN && BASE64.test(text));
}

function redactNumber(value: number | bigint, { words }: Place, { redact }: Walk): unknown {
  const text = String(value);
  if (text.length < NUMBER_DIGITS_MIN || !/^\d{7,20}$/.test(text)) return value;
  const redacted = redact.text(text, words);
  return redacted === text ? value : redacted;
}

function parseNested(text: string, { nested }: Walk): object | undefined {
  if (nested >= NESTED_MAX || text.length > JSON_CHARS_MAX || !/^\s{0,20}[[{"]/.test(text)) return undefined;
  const last = text.trimEnd().at(-1);
  if (last !== '}' && last !== ']') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a field's name stand before its value, as they would in a text. Fields of no words hand down theirs. */
function wordsOf(key: string): string | undefined {
  const own = key.slice(0, NAME_CHARS_MAX).replace(/[_.-]/g, ' ');
  const hasWord = /[^\W\d]{2}/.test(own);
  return hasWord && !/^(?:value|text|content|input|output|data|items?)$/i.test(own) ? `${own}: ` : undefined;
}

/** `{ name: 'authorization', value: ... }`, as lists of headers hold them. */
function nameOf(object: object): string | undefined {
  const name = 'name' in object ? object.name : 'key' in object ? object.key : undefined;
  return typeof name === 'string' && 'value' in object ? name : undefined;
}

function isHeaderName(name: string): boolean {
  return /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|api-key|x-goog-api-key|x-auth-token|x-amz-security-token)$/i.test(
    name,
  );
}

function holds(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'number') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** A JSON Schema of a field named `password` says nothing secret, and a tool without it does not work. */
function isSchema(value: object | null): boolean {
  return value !== null && !Array.isArray(value) && Object.keys(value).every((key) => SCHEMA_WORDS.test(key));
}

function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
