import { type Hit, isWordAt } from './hit.ts';
import { markedIds, namedIds } from './national-ids.ts';

const WINDOW_CHARS = 24;
/** What the second character may be, after one that is a digit or a letter. */
const NEXT = '0123456789 .-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** All forms at once, so that most numbers are looked at once. */
const ANY_FORM = new RegExp(markedIds.map(({ form }) => form.source).join('|'));

/** A national number that its form and checksum show by themselves and that begins at `at`. */
export function findMarkedId(text: string, at: number): Hit | undefined {
  if (at + 1 >= text.length || !NEXT.includes(text.charAt(at + 1))) return undefined;
  const window = text.slice(at, at + WINDOW_CHARS);
  if (!ANY_FORM.test(window)) return undefined;
  for (const { form, check } of markedIds) {
    const found = form.exec(window)?.[0];
    if (found !== undefined && check(compact(found)) && isEnd(text, at + found.length)) {
      return { type: 'NATIONAL_ID', start: at, end: at + found.length };
    }
  }
  return undefined;
}

/** A national number whose checksum is too weak to say so alone; `isNamed` tells which words stand before it. */
export function findNamedId(text: string, at: number, isNamed: (row: number) => boolean): Hit | undefined {
  const window = text.slice(at, at + WINDOW_CHARS);
  for (const [row, { form, check }] of namedIds.entries()) {
    const found = isNamed(row) ? form.exec(window)?.[0] : undefined;
    if (found !== undefined && check(compact(found)) && isEnd(text, at + found.length)) {
      return { type: row === 0 ? 'SSN' : 'NATIONAL_ID', start: at, end: at + found.length };
    }
  }
  return undefined;
}

function compact(found: string): string {
  return found.replace(/[ ./()+-]/g, '').toUpperCase();
}

function isEnd(text: string, end: number): boolean {
  if (isWordAt(text, end)) return false;
  const sign = text.charCodeAt(end);
  return !((sign === 45 || sign === 46) && isWordAt(text, end + 1));
}
