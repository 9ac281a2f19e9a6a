import { skipSpace } from './json-scan.ts';

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Says whether `JSON.parse` would take this text, without building what it describes. */
export function isJson(text: string): boolean {
  /** The closing bracket of each open list or object, outermost first. */
  const open: string[] = [];
  let at: number | undefined = skipSpace(text, 0);
  while (at !== undefined) {
    const value = enter(text, at, open);
    if (value === undefined) return false;
    at = value.at;
    if (value.isOpened) continue;
    at = leave(text, at, open);
    if (open.length === 0) return at === text.length;
    at = nextValue(text, at, open.at(-1) === '}');
  }
  return false;
}

/** Reads a scalar, an empty list or object, or the opening of one up to its first value. */
function enter(text: string, at: number, open: string[]): { at: number; isOpened: boolean } | undefined {
  const opening = text[at];
  if (opening !== '{' && opening !== '[') {
    const end = opening === '"' ? endOfString(text, at) : matchAt(SCALAR, text, at);
    return end === undefined ? undefined : { at: end, isOpened: false };
  }
  const closing = opening === '{' ? '}' : ']';
  const first = skipSpace(text, at + 1);
  if (text[first] === closing) return { at: first + 1, isOpened: false };
  open.push(closing);
  const value = opening === '{' ? valueOfMember(text, first) : first;
  return value === undefined ? undefined : { at: value, isOpened: true };
}

/** After a value: closes every list and object that ends here, and gives the place behind them. */
function leave(text: string, from: number, open: string[]): number {
  let at = skipSpace(text, from);
  while (open.length > 0 && text[at] === open.at(-1)) {
    open.pop();
    at = skipSpace(text, at + 1);
  }
  return at;
}

function nextValue(text: string, at: number, isObject: boolean): number | undefined {
  if (text[at] !== ',') return undefined;
  const next = skipSpace(text, at + 1);
  return isObject ? valueOfMember(text, next) : next;
}

function valueOfMember(text: string, at: number): number | undefined {
  const keyEnd = text[at] === '"' ? endOfString(text, at) : undefined;
  const colon = keyEnd === undefined ? undefined : skipSpace(text, keyEnd);
  return colon === undefined || text[colon] !== ':' ? undefined : skipSpace(text, colon + 1);
}

function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== BACKSLASH) continue;
    const end = matchAt(ESCAPE, text, at);
    if (end === undefined) return undefined;
    at = end - 1;
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
