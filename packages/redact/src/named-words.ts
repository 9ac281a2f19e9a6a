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

export const namedWordPatterns = { ANY_ID };

/** The words from one place to another that say what the numbers beside them are. */
export function listNamedWords(whole: string, from: number, to: number): NamedWord[] {
  // The character before tells whether a word begins.
  const first = Math.max(0, from - 1);
  const text = whole.slice(first, to + 1);
  const words: NamedWord[] = [];
  addWords(words, text, { pattern: PHONE_NOUN, kinds: () => [NOUN] });
  addWords(words, text, { pattern: PHONE_VERB, kinds: () => [VERB] });
  addWords(words, text, { pattern: CARD_WORD, kinds: () => [CARD] });
  addWords(words, text, { pattern: ANY_ID, kinds: rowsOf });
  return words.map((word) => ({ kind: word.kind, start: word.start + first, end: word.end + first }));
}

function rowsOf(word: string): number[] {
  return namedIds.flatMap((row, at) => (row.words.test(word) ? [ID_ROWS + at] : []));
}

function addWords(
  words: NamedWord[],
  text: string,
  { pattern, kinds }: { pattern: RegExp; kinds: (word: string) => number[] },
): void {
  const search = new RegExp(pattern, 'gi');
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const { index } = found;
    const end = index + found[0].length;
    words.push(...kinds(found[0]).map((kind) => ({ kind, start: index, end })));
  }
}
