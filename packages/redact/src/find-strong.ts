import { findBotToken, findDottedKey, findHexKey, findLetteredKey, findPrefixedKey } from './find-api-key.ts';
import { findCard } from './find-card.ts';
import { findEmail } from './find-email.ts';
import { findIban } from './find-iban.ts';
import { findIpV4, findIpV6 } from './find-ip.ts';
import { findMarkedId } from './find-national-id.ts';
import { findBearer, findSecret, findUserinfo } from './find-secret.ts';
import { findSsn } from './find-ssn.ts';
import { findJwt, findPrivateKey } from './find-token.ts';
import { type Detector, type Hit, isDigitCode, isLetterCode, isWordAt } from './hit.ts';

const LETTERS_MAX = 6;

/** `openFrom` is where the first value begins that the text may have ended in the middle of. */
export type Strong = { hits: Hit[]; openFrom: number; digits: number; secretEnd: number };

/**
 * What is recognised by itself, without the words around it: one pass over the characters, and a closer look where
 * one of them announces a value. Values that begin before `from` were seen before. Takes time linear in the text:
 * every look is at a stretch of bounded length.
 */
export function findStrong(text: string, from: number): Strong {
  const strong: Strong = { hits: [], openFrom: text.length, digits: 0, secretEnd: 0 };
  for (let at = from; at < text.length; at += 1) {
    const kind = KINDS[text.charCodeAt(at)];
    if (kind === undefined || kind === 0) continue;
    if (kind === DIGIT) {
      strong.digits += 1;
      if (isDigitCode(text.charCodeAt(at - 1))) continue;
    }
    // Within a secret no second one is looked for: `a=a=a=` would be read again and again.
    if (kind === SIGN && at >= strong.secretEnd) {
      const secret = findSecret(text, at);
      strong.secretEnd = secret?.end ?? 0;
      keep(strong, secret);
    }
    for (const find of LOOKS[kind - 1]?.finders ?? []) keep(strong, find(text, at));
  }
  return strong;
}

function findAtColon(text: string, at: number): Hit | undefined {
  if (text.charCodeAt(at) !== 58) return undefined;
  if (text.startsWith('//', at + 1)) return findUserinfo(text, at);
  return findIpV6(text, at) ?? (text.charCodeAt(at + 1) === 65 ? findBotToken(text, at) : undefined);
}

function findAtDigit(text: string, at: number): Hit | undefined {
  const before = text.charCodeAt(at - 1);
  if (isLetterCode(before)) return before < 128 ? findAtLetters(text, at) : undefined;
  if (isWordAt(text, at - 1)) return undefined;
  const ip = findIpV4(text, at);
  if (ip !== undefined) return ip;
  if ((before === 45 || before === 46) && isWordAt(text, at - 2)) return undefined;
  return findCard(text, at, false) ?? findSsn(text, at) ?? findMarkedId(text, at);
}

/** At the first digit after one to six letters: numbers of accounts and persons, and some keys, begin so. */
function findAtLetters(text: string, at: number): Hit | undefined {
  let start = at;
  while (start > 0 && at - start <= LETTERS_MAX && isLetterCode(text.charCodeAt(start - 1))) start -= 1;
  if (at - start > LETTERS_MAX || isWordAt(text, start - 1)) return undefined;
  const iban = at - start === 2 ? findIban(text, at) : undefined;
  return iban ?? findHexKey(text, start) ?? findMarkedId(text, start);
}

function keep(strong: Strong, hit: (Hit & { isOpen?: boolean }) | undefined): void {
  if (hit === undefined) return;
  if (hit.isOpen) strong.openFrom = Math.min(strong.openFrom, hit.start);
  if (hit.end > hit.start) strong.hits.push(hit);
}

/** Which characters announce what. */
const LOOKS: readonly { chars: string; finders: readonly Detector[] }[] = [
  { chars: '0123456789', finders: [findAtDigit] },
  { chars: ':=', finders: [findAtColon] },
  { chars: '@', finders: [findEmail] },
  { chars: '%', finders: [(text, at) => (text.startsWith('40', at + 1) ? findEmail(text, at) : undefined)] },
  {
    chars: '-_',
    finders: [
      findPrefixedKey,
      (text, at) => (text.startsWith('----B', at + 1) ? findPrivateKey(text, at) : undefined),
    ],
  },
  { chars: '.', finders: [findDottedKey] },
  { chars: 'A', finders: [findLetteredKey] },
  {
    chars: 'J',
    finders: [(text, at) => (text.startsWith('ey', at - 2) ? findJwt(text, at - 2) : undefined)],
  },
  {
    chars: 'Bb',
    finders: [(text, at) => ((text.charCodeAt(at + 1) | 32) === 101 ? findBearer(text, at) : undefined)],
  },
];
const DIGIT = 1;
const SIGN = 2;

/** For each character of ASCII the row of `LOOKS`, counted from 1. */
const KINDS = kindsOf();

function kindsOf(): Uint8Array {
  const kinds = new Uint8Array(128);
  for (const [row, { chars }] of LOOKS.entries()) {
    for (const char of chars) kinds[char.charCodeAt(0)] = row + 1;
  }
  return kinds;
}
