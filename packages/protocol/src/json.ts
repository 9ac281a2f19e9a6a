/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object. A field that is absent reads as `undefined`. */
export type JsonObject = { [key: string]: Json | undefined };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it is; anything else is ''. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Deeper than any reply or tool call, and far from what overflows the stack of whoever writes it again. */
const DEPTH_MAX = 500;

/** The value of a JSON text, or undefined when it is not one or is nested deeper than 500 levels. */
export function parseJson(text: string): Json | undefined {
  if (text.length > 2 * DEPTH_MAX && isDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}` differ in the same one bit. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** What is not JSON gets some answer; the parser then refuses it. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(text, at + 1);
    else if ((sign | BRACE_BIT) === OPEN) {
      depth += 1;
      if (depth > DEPTH_MAX) return true;
    } else if ((sign | BRACE_BIT) === CLOSE) depth -= 1;
  }
  return false;
}

/** The place of the quote that closes a string. Long strings are skipped by a native search. */
function endOfString(text: string, start: number): number {
  for (let from = start; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let before = quote - 1;
    while (before >= start && text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote;
    from = quote + 1;
  }
}
