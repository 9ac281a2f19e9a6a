/** A stretch of a JSON text. */
export type Stretch = { start: number; end: number };

/** A field of an object: its name and where its value stands. */
export type Member = Stretch & { key: string };

/*
 * These read valid JSON text where it stands. Parsing would turn 20 MB of brackets into a gigabyte of objects, and would lose
 * what only the text has: numbers of any size, and keys that were written twice.
 */

/** The fields of the object that starts at `at`, in order; none when something else starts there. */
export function* listMembers(text: string, at: number): Generator<Member, void, undefined> {
  if (text[at] !== '{') return;
  let next = skipSpace(text, at + 1);
  while (text[next] === '"') {
    const keyEnd = skipString(text, next);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, start);
    yield { key: readString(text, { start: next, end: keyEnd }), start, end };
    next = skipSeparator(text, end);
  }
}

/** The elements of the list that starts at `at`, in order; none when something else starts there. */
export function* listElements(text: string, at: number): Generator<Stretch, void, undefined> {
  if (text[at] !== '[') return;
  let start = skipSpace(text, at + 1);
  while (start < text.length && text[start] !== ']') {
    const end = skipValue(text, start);
    yield { start, end };
    start = skipSeparator(text, end);
  }
}

/** The text of a string; empty for any other value. */
export function readString(text: string, { start, end }: Stretch): string {
  if (text[start] !== '"') return '';
  const value: unknown = JSON.parse(text.slice(start, end));
  return typeof value === 'string' ? value : '';
}

/** The first place at or after `from` that is not white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  for (; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
  }
}

function skipSeparator(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text[at] === ',' ? skipSpace(text, at + 1) : at;
}

/** From an opening quote to behind its closing one. */
function skipString(text: string, from: number): number {
  let quote = from;
  do {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) return text.length;
  } while (isEscaped(text, quote));
  return quote + 1;
}

/** A quote is part of the string when an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let backslash = quote - 1;
  while (text.charCodeAt(backslash) === 0x5c) backslash -= 1;
  return (quote - 1 - backslash) % 2 === 1;
}

function skipValue(text: string, from: number): number {
  const opening = text[from];
  if (opening === '"') return skipString(text, from);
  if (opening !== '{' && opening !== '[') return skipScalar(text, from);
  const next = /["{}[\]]/g;
  let depth = 0;
  for (let at = from; ; ) {
    next.lastIndex = at;
    const found = next.exec(text);
    if (found === null) return text.length;
    at = found.index + 1;
    if (found[0] === '"') at = skipString(text, found.index);
    else depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
    if (depth === 0) return at;
  }
}

function skipScalar(text: string, from: number): number {
  const end = /[\s,\]}]/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}
