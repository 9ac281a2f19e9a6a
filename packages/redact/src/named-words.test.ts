import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CARD_WORD } from './find-card.ts';
import { createWordSearch } from './named-words.ts';
import { namedIds } from './national-ids.ts';
import { PHONE_NOUN, PHONE_VERB } from './phone-words.ts';

const PATTERNS = [PHONE_NOUN, PHONE_VERB, CARD_WORD, ...namedIds.map(({ words }) => words)];
const list = createWordSearch();

/** What a search without a table finds. */
function searched(text: string): string[] {
  return PATTERNS.slice(0, 3).flatMap((pattern) =>
    Array.from(
      text.matchAll(new RegExp(pattern, 'gi')),
      ({ index, 0: word }) => `${index}-${index + word.length}`,
    ),
  );
}

function listed(text: string): string[] {
  return list(text, 0, text.length).flatMap(({ kind, start, end }) => (kind < 3 ? [`${start}-${end}`] : []));
}

test.each(PATTERNS.map((pattern) => [pattern.source.slice(0, 40), pattern] as const))(
  'every word that a pattern can say is found by its first characters: %s',
  (_, { source }) => {
    const word = fc.stringMatching(new RegExp(`^(?:${source.replaceAll('\\b', '')})$`));
    const pattern = new RegExp(source, 'i');
    const property = fc.property(
      word,
      fc.constantFrom('', ' ', ' a ', 'x', '(', '-'),
      fc.boolean(),
      (said, by, isLoud) => {
        const text = `${by}${isLoud ? said.toUpperCase() : said}${by} 12`;
        expect(list(text, 0, text.length).length > 0).toBe(PATTERNS.some((each) => each.test(text)));
        expect(pattern.test(text) ? list(text, 0, text.length) : [1]).not.toEqual([]);
        expect(listed(text)).toEqual(searched(text));
      },
    );
    fc.assert(property, { seed: 17, numRuns: 400 });
  },
);
