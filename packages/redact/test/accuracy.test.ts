import { expect, test } from 'vitest';
import { createRedactor } from '../src/index.ts';
import { DOCUMENTS, readMarked } from './documents.ts';
import { HARD_NEGATIVES } from './hard-negatives.ts';
import { COUNTRIES, newPhone } from './phones.ts';
import { newCard, newEmail, newIban, newIp, newRareCard, newSsn } from './private-values.ts';
import { createSeeded, type Seeded } from './seeded.ts';

const redactor = createRedactor();
const FRAMES = [
  'It is {}.',
  'see {}, thanks',
  '"{}"',
  'a,{},b',
  'value={}',
  '({})',
  'before\n{}\nafter',
  '**{}**',
  '`{}`',
  'from {} to',
  '<{}>',
  '[{}]',
  '{};rest',
  '| {} |',
  "'{}'",
];
const PHONE_FRAMES = [
  'Call me at {}',
  'My number is {}.',
  'Phone: {}',
  'Reach me on {} after six',
  '{"phone": "{}"}',
  'Tel. {}',
  'Mobile {}, ask for Ann',
  'You can text {} any time',
  '{} (office)',
  'Téléphone : {}',
  'Meine Handynummer ist {}',
  'llámame al {}',
  'il mio cellulare: {}',
  'o telefone dela é {}',
  'bel me op {}',
];

/** The share of values of which four fifths or more were found. */
function recallOf(write: (chance: Seeded) => string, frames: readonly string[], count: number): number {
  const chance = createSeeded(11);
  let found = 0;
  for (let turn = 0; turn < count; turn += 1) {
    const value = write(chance);
    const text = (frames[turn % frames.length] ?? '{}').replace('{}', () => value);
    if (covered(text, { start: text.indexOf(value), end: text.indexOf(value) + value.length })) found += 1;
  }
  return found / count;
}

function covered(text: string, { start, end }: { start: number; end: number }): boolean {
  const shared = redactor
    .find(text)
    .reduce((sum, hit) => sum + Math.max(0, Math.min(hit.end, end) - Math.max(hit.start, start)), 0);
  return shared >= (end - start) * 0.8;
}

test.each([
  ['cards', newCard],
  ['IBANs', newIban],
  ['e-mail addresses', newEmail],
  ['IP addresses', newIp],
  ['social security numbers', newSsn],
])('of %s in prose, JSON, lists and Markdown at least 99 in 100 are found', (_name, write) => {
  expect(recallOf(write, FRAMES, 1500)).toBeGreaterThanOrEqual(0.99);
});

test('cards of rare lengths and issuers are found where the text speaks of cards', () => {
  const frames = [
    'my card {}',
    'the card {} is lost',
    '{} is my credit card number',
    'Kreditkarte: {}',
    'tarjeta {}',
  ];
  expect(recallOf(newRareCard, frames, 500)).toBeGreaterThanOrEqual(0.99);
});

test.each(COUNTRIES)(
  'telephone numbers as they are written in %s are found beside a word for them',
  (country) => {
    expect(recallOf((chance) => newPhone(chance, country), PHONE_FRAMES, 150)).toBeGreaterThanOrEqual(0.93);
  },
);

test('of telephone numbers without any word at least 7 in 10 are found', () => {
  const write = (chance: Seeded): string =>
    newPhone(chance, COUNTRIES[chance.below(COUNTRIES.length)] ?? 'us');
  expect(recallOf(write, ['| Ann | {} | Berlin |', '{}', 'Ann {}'], 1500)).toBeGreaterThanOrEqual(0.7);
});

test.each(HARD_NEGATIVES.map((kind) => [kind.name, kind] as const))(
  'what only looks private stays as it is: %s',
  (_name, kind) => {
    const chance = createSeeded(5);
    const touched = Array.from({ length: 250 }, () => kind.write(chance)).filter(
      (text) => redactor.begin().text(text) !== text,
    );
    expect(touched.length, touched[0]).toBeLessThan(3);
  },
);

test('of all hard negatives fewer than 1 in 100 is touched', () => {
  const chance = createSeeded(17);
  const touched = Array.from({ length: 4400 }, (_none, turn) =>
    HARD_NEGATIVES[turn % HARD_NEGATIVES.length]?.write(chance),
  ).filter((text = '') => redactor.find(text).length > 0);
  expect(touched.length).toBeLessThan(44);
});

test.each(DOCUMENTS)('a document as it is written: %#', (document) => {
  const { text, gold } = readMarked(document);
  const missed = gold.filter((span) => !covered(text, span)).map((span) => text.slice(span.start, span.end));
  const wrong = redactor
    .find(text)
    .filter(
      (hit) => !gold.some((span) => span.type === hit.type && span.start < hit.end && hit.start < span.end),
    );
  expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
});
