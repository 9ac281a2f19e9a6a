import { type Hit, isWordAt } from './hit.ts';
import { markedIds, namedIds } from './national-ids.ts';

const WINDOW_CHARS = 24;

/** A national number that its form and checksum show by themselves and that begins at `at`. */
export function findMarkedId(text: string, at: number): Hit | undefined {
  const window = text.slice(at, at + WINDOW_CHARS);
  for (const { form, check } of markedIds) {
    const found = form.exec(window)?.[0];
    if (found !== undefined && check(compact(found)) && isEnd(text, at + found.length)) {
      return { type: 'NATIONAL_ID', start: at, end: at + found.length };
    }
  }
  return undefined;
}

/** A national number whose checksum is too weak to say so alone: `context` must name it. */
export function findNamedId(text: string, at: number, context: string): Hit | undefined {
  const window = text.slice(at, at + WINDOW_CHARS);
  for (const { form, check, words } of namedIds) {
    if (!words.test(context)) continue;
    const found = form.exec(window)?.[0];
    if (found !== undefined && check(compact(found)) && isEnd(text, at + found.length)) {
      return {
        type: words.source.includes('ssn') ? 'SSN' : 'NATIONAL_ID',
        start: at,
        end: at + found.length,
      };
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
