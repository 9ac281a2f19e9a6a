import { CARD_WORD } from './find-card.ts';
import { namedIds } from './national-ids.ts';
import { PHONE_NOUN, PHONE_VERB } from './phone-words.ts';

/** Kinds of words; those of the rows of `namedIds` follow. */
export const NOUN = 0;
export const VERB = 1;
export const CARD = 2;
export const ID_ROWS = 3;

/** Where a word of a kind ends in the text. */
export type NamedWord = { kind: number; start: number; end: number };

const ANY_ID = new RegExp(namedIds.map(({ words }) => words.source).join('|'), 'i');

/** Lists the words from one place of a text to another that say what the numbers beside them are. */
export function createWordSearch(): (text: string, from: number, to: number) => NamedWord[] {
  const searches = SEARCHES.map(({ pattern, kinds }) => ({
    search: new RegExp(pattern, 'gi'),
    kinds: remember(kinds),
  }));
  return (whole, from, to) => {
    // The character before tells whether a word begins.
    const first = Math.max(0, from - 1);
    const text = whole.slice(first, to + 1);
    const words: NamedWord[] = [];
    for (const { search, kinds } of searches) {
      for (let found = search.exec(text); found !== null; found = search.exec(text)) {
        const start = first + found.index;
        for (const kind of kinds(found[0])) words.push({ kind, start, end: start + found[0].length });
      }
    }
    return words;
  };
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
