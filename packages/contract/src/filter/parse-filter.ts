import { createFilterScanner, FilterFault, type FilterScanner } from './filter-scanner.ts';
import type { FilterTree } from './filter-tree.ts';
import { readFilterTerm } from './read-filter-term.ts';

export type ParsedFilter =
  /** Undefined where it is empty and everything passes. */
  | { ok: true; filter: FilterTree | undefined }
  /** `at` counts characters from 0. */
  | { ok: false; at: number; message: string };

export const FILTER_CHARS_MAX = 4_000;
const TERMS_MAX = 100;
const DEPTH_MAX = 20;

/**
 * Reads an expression of the filter language (docs/filters.md): terms side by side must all hold, `OR` needs one of its
 * sides, `-` or `NOT` turns a term around, and parentheses group.
 */
export function parseFilter(text: string): ParsedFilter {
  try {
    if (text.length > FILTER_CHARS_MAX) {
      throw new FilterFault(FILTER_CHARS_MAX, `A filter has at most ${FILTER_CHARS_MAX} characters.`);
    }
    const scanner = createFilterScanner(text);
    scanner.skipSpace();
    if (scanner.isAtEnd()) return { ok: true, filter: undefined };
    const filter = readAny({ scanner, depth: 0, count: { terms: 0 } });
    scanner.skipSpace();
    if (!scanner.isAtEnd()) {
      throw new FilterFault(
        scanner.at(),
        'A ")" has no "(" before it; take it away, or put text in quotation marks.',
      );
    }
    return { ok: true, filter };
  } catch (error) {
    if (!(error instanceof FilterFault)) throw error;
    return { ok: false, at: error.at, message: error.message };
  }
}

type Place = { scanner: FilterScanner; depth: number; count: { terms: number } };

function readAny(place: Place): FilterTree {
  const sides = [readAll(place)];
  while (place.scanner.takeKeyword('OR')) sides.push(readAll(place));
  return joined('any', sides);
}

function readAll(place: Place): FilterTree {
  const { scanner } = place;
  const terms = [readTurned(place)];
  for (;;) {
    scanner.skipSpace();
    if (scanner.takeKeyword('AND')) {
      terms.push(readTurned(place));
      continue;
    }
    if (scanner.isAtEnd() || scanner.peek() === ')' || scanner.isAtKeyword('OR')) break;
    terms.push(readTurned(place));
  }
  return joined('all', terms);
}

function readTurned(place: Place): FilterTree {
  const { scanner, count } = place;
  scanner.skipSpace();
  if (place.depth > DEPTH_MAX) {
    throw new FilterFault(scanner.at(), `Parentheses and negations go at most ${DEPTH_MAX} deep.`);
  }
  if (scanner.isAtEnd()) {
    throw new FilterFault(scanner.at(), 'Something is missing here: write a term such as model:gpt-5.');
  }
  const below = { ...place, depth: place.depth + 1 };
  if (scanner.takeSign('-') || scanner.takeKeyword('NOT')) return { kind: 'not', of: readTurned(below) };
  if (scanner.peek() === '(') return readGroup(below);
  count.terms += 1;
  if (count.terms > TERMS_MAX)
    throw new FilterFault(scanner.at(), `A filter has at most ${TERMS_MAX} terms.`);
  return readFilterTerm(scanner);
}

function readGroup(place: Place): FilterTree {
  const { scanner } = place;
  const start = scanner.at();
  scanner.takeSign('(');
  const inner = readAny(place);
  scanner.skipSpace();
  if (!scanner.takeSign(')')) {
    throw new FilterFault(start, 'A "(" is not closed; write ")" where the group ends.');
  }
  return inner;
}

function joined(kind: 'all' | 'any', of: readonly FilterTree[]): FilterTree {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}
