import type { LongHit } from './find-token.ts';
import { type Hit, isWordCode } from './hit.ts';
import { looksSecret, secrecyOf } from './secret-names.ts';
import { trimEnd } from './trim-end.ts';

const NAME_CHARS_MAX = 48;
const VALUE_CHARS_MAX = 4096;
/** Names of two words in prose and forms: `API key: ...`. */
const TWO_WORDS = /^(?:key|token|secret|password|code|passe)$/i;
const LEAD = /^[:=]{1,2}>?(?:\*\*)?[ \t]{0,4}/;
const SCHEME =
  /^(?:Bearer|Basic|Token|Digest|ApiKey|Api-Key|Negotiate|Hawk|DPoP|GitHub-Bearer|AWS4-HMAC-SHA256)[ \t]{1,4}/i;
const LINE_NAME = /(?:cookie2?|authorization)$/i;
/** Words that stand where a value will be: in code, in forms, in what explains them. */
const NO_VALUE =
  /^(?:string|str|text|bytes?|bool(?:ean)?|number|int|any|unknown|object|none|null|nil|undefined|true|false|required|optional|empty|missing|invalid|incorrect|wrong|expired|must|should|is|was|the|a|an|your|my|not|no|yes|and|or|to|for|of|in|if|when|with|please|enter|set|use|see|change\w{0,3}|reset|forgot\w{0,4}|hidden|redacted|masked|example|placeholder|secretstr|optional\[.{0,20}|self\..{0,60}|this\..{0,60}|process\.env.{0,60}|os\.(?:environ|getenv).{0,60}|env[.:([].{0,60}|getenv.{0,60}|import\.meta.{0,60}|config[.[].{0,60}|settings\..{0,60}|secrets\..{0,60}|vault:.{0,60}|x{3,32}|\*{1,64}|\.{3,16}|\u2022{1,64}|-{1,64})[.,;:!?)\]}]{0,3}$/i;
const CODE_VALUE = /^(?:[$%#{<([]|&[a-z_]|\w{1,40}\()/;
const LINE_VALUE = /^[^"'`<>\r\n\ue000\ue001]{1,4096}/;
const BARE_VALUE = /^[^\s"'`<>,;&}\]|\ue000\ue001]{1,4096}/;
/** What only looks like a secret is read no further than its own signs go. */
const LINE_HEAD_CHARS = 200;
const LINE_END = /["'`<>\r\n]/;
const MAYBE_VALUE = /^[A-Za-z0-9_.~+/-]{1,256}={0,2}/;
const BEARER = /^bearer[ \t]{1,2}([A-Za-z0-9._~+/=-]{16,1024})/i;

/** The value after the `:` or `=` at `at`, when the name before it is that of a secret. */
export function findSecret(text: string, at: number): LongHit | undefined {
  const name = nameBefore(text, at);
  const secrecy = name.length < 3 ? undefined : secrecyOf(name);
  if (secrecy === undefined) return undefined;
  const lead = LEAD.exec(text.slice(at, at + 16))?.[0].length ?? 1;
  const value = valueAt(text, at + lead, { isLine: LINE_NAME.test(name), isMaybe: secrecy === 'maybe' });
  if (value === undefined) return undefined;
  const shown = text.slice(value.start, value.end);
  const isAssigned = text.charAt(at) === '=' || secrecy === 'maybe';
  const isReal = (secrecy === 'surely' || looksSecret(shown)) && isValue(shown, value, isAssigned);
  return isReal ? value : undefined;
}

/** `Bearer` and its token, wherever it stands; the `b` is at `at`. */
export function findBearer(text: string, at: number): LongHit | undefined {
  if (isWordCode(text.charCodeAt(at - 1))) return undefined;
  const found = BEARER.exec(text.slice(at, at + VALUE_CHARS_MAX + 8));
  const token = trimEnd(found?.[1] ?? '', '.~/+-');
  if (found === null || !/\d/.test(token)) return undefined;
  const start = at + found[0].length - (found[1] ?? '').length;
  return { type: 'SECRET', start, end: start + token.length, isOpen: at + found[0].length === text.length };
}

type Value = LongHit & { isQuoted: boolean };

type Asked = { isLine: boolean; isMaybe: boolean };

function valueAt(text: string, from: number, { isLine, isMaybe }: Asked): Value | undefined {
  let start = from;
  const slash = text.charAt(start) === '\\' ? 1 : 0;
  const quote = text.charAt(start + slash);
  const isQuoted = quote === '"' || quote === "'" || quote === '`';
  if (isQuoted) start += 1 + slash;
  start += SCHEME.exec(text.slice(start, start + 32))?.[0].length ?? 0;
  if (!isQuoted && isCode(text.slice(start, start + 44))) return undefined;
  const window = text.slice(start, start + VALUE_CHARS_MAX);
  const pattern = isMaybe ? MAYBE_VALUE : isLine && !isProse(window) ? LINE_VALUE : BARE_VALUE;
  let end = start + (isQuoted ? quotedChars(window, quote) : (pattern.exec(window)?.[0].length ?? 0));
  const isOpen = end === text.length;
  if (!isQuoted) while (end > start && /[.,;:)\s]/.test(text.charAt(end - 1))) end -= 1;
  return end > start ? { type: 'SECRET', start, end, isOpen, isQuoted } : undefined;
}

/** "Cookie: a word of warning" is a sentence: a header's value is one word, or has a digit or an equals sign. */
function isProse(window: string): boolean {
  const [line = ''] = window.slice(0, LINE_HEAD_CHARS).split(LINE_END, 1);
  return /\S[ \t]{1,9}\S/.test(line) && !/[\d=]/.test(line);
}

/** Up to the same quote without a backslash; in JSON inside a string the quote that ends has one. */
function quotedChars(window: string, quote: string): number {
  for (let at = 0; at < window.length; at += 1) {
    const code = window.charCodeAt(at);
    if (code === 0xe000 || code === 0xe001 || code === 10) return at;
    if (window.charAt(at) === quote) return at > 0 && window.charCodeAt(at - 1) === 92 ? at - 1 : at;
  }
  return window.length;
}

function isCode(head: string): boolean {
  return CODE_VALUE.test(head) && !/^[$%#(&][^{(a-z]/i.test(head);
}

function isValue(shown: string, value: Value, isAssigned: boolean): boolean {
  if (NO_VALUE.test(shown)) return false;
  if (value.isQuoted) return !/^(?:\$\{|\{\{|<|%\()/.test(shown);
  // After a colon prose goes on: "the password: ask for it".
  return isAssigned || /[^a-z]/.test(shown.slice(1)) || shown.length > 20;
}

/** The name that ends before the sign at `at`, without its quotes; empty when none does. */
function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > at - 5 && isAround(text.charCodeAt(end - 1))) end -= 1;
  const start = startOfName(text, end);
  const name = text.slice(start, end);
  if (text.charCodeAt(start - 1) !== 32 || !TWO_WORDS.test(name)) return name;
  return text.slice(startOfName(text, start - 1), end);
}

function startOfName(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < NAME_CHARS_MAX && isNameCode(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isNameCode(code: number): boolean {
  return isWordCode(code) ? code < 0xe000 : code === 46 || code === 45;
}

/** Quotes, spaces, and the signs of Markdown and of indexes, between a name and its sign. */
function isAround(code: number): boolean {
  return (
    code === 34 || code === 39 || code === 96 || code === 32 || code === 92 || code === 42 || code === 93
  );
}

const USERINFO = /^:\/\/([^\s/?#"'<>\ue000\ue001]{1,256})@/;

/** User and password between `://` at `at` and the host. A user alone stays, unless it looks like a token. */
export function findUserinfo(text: string, at: number): Hit | undefined {
  const found = USERINFO.exec(text.slice(at, at + 264));
  const userinfo = found?.[1];
  if (userinfo === undefined) return undefined;
  const colon = userinfo.indexOf(':');
  const isSecret = colon === -1 ? looksSecret(userinfo) : colon < userinfo.length - 1;
  if (!isSecret || /:[$<{%]?[{<]?[A-Z_]*[}>]+$/.test(userinfo)) return undefined;
  return { type: 'PASSWORD', start: at + 3, end: at + 3 + userinfo.length };
}
