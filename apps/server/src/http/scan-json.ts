/** How deep JSON is nested and how many objects, arrays and commas it has. */
export type JsonShape = { depth: number; structure: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `[` and `{`, `]` and `}` differ in the same one bit. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Looks over the bytes of a JSON text once, before a parser allocates anything for them. What is not JSON gets
 * some answer; the parser then refuses it.
 */
export function scanJson(bytes: Buffer): JsonShape {
  let depth = 0;
  let deepest = 0;
  let structure = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
    } else if (byte === COMMA) {
      structure += 1;
    } else if ((byte | BRACE_BIT) === OPEN) {
      structure += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if ((byte | BRACE_BIT) === CLOSE) {
      depth -= 1;
    }
  }
  return { depth: deepest, structure };
}

/** The place of the quote that closes a string. Long strings are skipped by a native search. */
function endOfString(bytes: Buffer, start: number): number {
  for (let from = start; ; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote === -1) return bytes.length;
    let before = quote - 1;
    while (before >= start && bytes[before] === BACKSLASH) before -= 1;
    const isEscaped = (quote - before) % 2 === 0;
    if (!isEscaped) return quote;
    from = quote + 1;
  }
}
