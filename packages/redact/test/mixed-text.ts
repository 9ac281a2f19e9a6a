import { HARD_NEGATIVES } from './hard-negatives.ts';
import { COUNTRIES, newPhone } from './phones.ts';
import { newCard, newEmail, newIban, newIp, newRareCard, newSsn } from './private-values.ts';
import { createSeeded, type Seeded } from './seeded.ts';

/** A text of so many fragments, one after the other with little between them: the hardest to cut and to read twice. */
export function writeMixedText(seed: number, count: number): string {
  const chance = createSeeded(seed);
  const gap = chance.pick(['', ' ', ' ']);
  return Array.from({ length: count }, () => chance.pick(WRITERS)(chance)).join(gap);
}

const PEM = `-----BEGIN EC PRIVATE KEY-----\n${'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY7qGoAoGCCqGSM49\n'.repeat(3)}-----END EC PRIVATE KEY-----`;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI${'abcDEF012'.repeat(90)}In0.c2lnbmF0dXJl-_x`;

/** Fragments that hold values, halves of values, words that name them, tricks, and what is no value. */
const WRITERS: readonly [(chance: Seeded) => string, ...((chance: Seeded) => string)[]] = [
  newCard,
  newRareCard,
  newEmail,
  newIban,
  newIp,
  newSsn,
  (chance) => newPhone(chance, chance.pick(['us', 'de', 'fr', 'gb', 'br', 'in', ...COUNTRIES])),
  (chance) => HARD_NEGATIVES[chance.below(HARD_NEGATIVES.length)]?.write(chance) ?? '',
  (chance) =>
    chance.pick([
      'phone: ',
      'call me at ',
      'my card ',
      'SSN ',
      'Tel.',
      ' office',
      'aadhaar ',
      'fax ',
      'number is ',
    ]),
  (chance) =>
    chance.pick([
      ' ',
      '\n',
      ', ',
      '. ',
      '-',
      '/',
      '@',
      ':',
      '=',
      '"',
      "'",
      ' (',
      ') ',
      '\u200b',
      '\u00ad',
      '  ',
      '+',
      '[',
      ']',
    ]),
  (chance) => chance.digits(1 + chance.below(12)),
  (chance) => `password=${chance.chars(1 + chance.below(40))}`,
  (chance) => `Authorization: Bearer ${chance.chars(30)}\n`,
  (chance) => `Cookie: a=${chance.chars(9)}; b=${chance.chars(4)}\n`,
  (chance) => `https://user:${chance.chars(9)}@host.example/x?token=${chance.chars(20)}`,
  (chance) => `sk-proj-${chance.chars(40)} AKIA${chance.chars(16, 'ABCDEFGH234567')}`,
  (chance) => chance.pick([PEM, JWT, PEM.slice(0, 130), JWT.slice(0, 400)]),
  (chance) => chance.pick(['[EMAIL_1]', '[PHONE_2]', '[CARD_1', '[SECRET_3f9a]', '[X_', 'EMAIL_1]']),
  (chance) =>
    chance.pick([
      'the quick brown fox ',
      'und dann ',
      'пример ',
      '例えば',
      '😀',
      'naïve — ',
      '４１１１ １１１１ ',
    ]),
  (chance) => `${chance.chars(200 + chance.below(500))} `,
  (chance) => `data:image/png;base64,${chance.chars(chance.below(4000), BASE64)}== `,
  (chance) => chance.chars(chance.below(1500), BASE64),
  (chance) => 'lorem ipsum dolor sit amet '.repeat(chance.below(30)),
];
