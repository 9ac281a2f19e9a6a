import { CARD_WORD } from './find-card.ts';
import { namedIds } from './national-ids.ts';
import { PHONE_NOUN, PHONE_VERB } from './phone-words.ts';
import { listWordStarts, type WordStart } from './word-starts.ts';

/** Kinds of words; those of the rows of `namedIds` follow. */
export const NOUN = 0;
export const VERB = 1;
export const CARD = 2;
export const ID_ROWS = 3;

/** Where a word of a kind ends in the text. */
export type NamedWord = { kind: number; start: number; end: number };

const ANY_ID = new RegExp(namedIds.map(({ words }) => words.source).join('|'), 'i');

type Search = { sticky: RegExp; global: RegExp; kinds: (word: string) => number[] };

/** Lists the words from one place of a text to another that say what the numbers beside them are. */
export function createWordSearch(): (text: string, from: number, to: number) => NamedWord[] {
  const searches = SEARCHES.map(({ pattern, kinds }) => ({
    sticky: new RegExp(pattern, 'iy'),
    global: new RegExp(pattern, 'gi'),
    kinds: remember(kinds),
  }));
  return (whole, from, to) => {
    // The character before tells whether a word begins.
    const first = Math.max(0, from - 1);
    const text = whole.slice(first, to + 1);
    const starts = listWordStarts(text);
    const words: NamedWord[] = [];
    for (const [bit, search] of searches.entries()) {
      if (starts === undefined) addAll(words, text, { search, first });
      else addAt(words, text, { search, first, starts: starts.filter((each) => (each.searches >> bit) & 1) });
    }
    return words;
  };
}

type Searching = { search: Search; first: number };

function addAll(words: NamedWord[], text: string, { search, first }: Searching): void {
  for (let found = search.global.exec(text); found !== null; found = search.global.exec(text)) {
    const start = first + found.index;
    for (const kind of search.kinds(found[0])) words.push({ kind, start, end: start + found[0].length });
  }
}

/** The same, where it is known that words begin at some places at most. */
function addAt(
  words: NamedWord[],
  text: string,
  { search, first, starts }: Searching & { starts: readonly WordStart[] },
): void {
  let done = 0;
  for (const { at } of starts) {
    if (at < done) continue;
    search.sticky.lastIndex = at;
    if (!search.sticky.test(text)) continue;
    done = search.sticky.lastIndex;
    for (const kind of search.kinds(text.slice(at, done)))
      words.push({ kind, start: first + at, end: first + done });
  }
}

/** The same few words come again and again. */
function remember(kinds: (word: string) => number[]): (word: string) => number[] {
  const known = new Map<string, number[]>();
  return (word) => {
    const found = known.get(word) ?? kinds(word);
    known.set(word, found);
    return found;
  };
}

const SEARCHES: readonly { pattern: RegExp; kinds: (word: string) => number[] }[] = [
  { pattern: PHONE_NOUN, kinds: () => [NOUN] },
  { pattern: PHONE_VERB, kinds: () => [VERB] },
  { pattern: CARD_WORD, kinds: () => [CARD] },
  {
    pattern: ANY_ID,
    kinds: (word) => namedIds.flatMap((row, at) => (row.words.test(word) ? [ID_ROWS + at] : [])),
  },
];
