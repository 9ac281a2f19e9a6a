import { openAnchors } from './anchors.ts';
import { findBotToken, findDottedKey, findHexKey, findLetteredKey, findPrefixedKey } from './find-api-key.ts';
import { findCard } from './find-card.ts';
import { findEmail } from './find-email.ts';
import { findIban } from './find-iban.ts';
import { findIpV4, findIpV6 } from './find-ip.ts';
import { findMarkedId } from './find-national-id.ts';
import { findBearer, findSecret, findUserinfo } from './find-secret.ts';
import { findSsn } from './find-ssn.ts';
import { findJwt, findPrivateKey } from './find-token.ts';
import { type Detector, endOfWord, type Hit, isDigitCode, isLetterCode, isWordAt } from './hit.ts';
import { mayBeNumber } from './may-be-number.ts';

const LETTERS_MAX = 6;
const DIGITS_MAX = 40;
const COUNT_DIGITS_MAX = 5;
const LEAD_CHARS_MAX = 64;
const BLOB_WORD_CHARS_MIN = 12;
const BLOB_CHARS_MIN = 1000;
const BLOB = /[A-Za-z0-9+/]{1,1000}/;
const BLOB_REST = /[A-Za-z0-9+/]{1,32768}/;

type Stretch = { start: number; end: number };

/** `openFrom` is where the first value begins that the text may have ended in the middle of; `hasNumbers` says whether there is anything that the words around it may name. */
export type Strong = {
  hits: Hit[];
  blobs: Stretch[];
  openFrom: number;
  hasNumbers: boolean;
  secretEnd: number;
  /** Whether a `://` is in the text, as soon as that was asked for. */
  hasScheme: boolean | undefined;
};

/**
 * What is recognised by itself, without the words around it: one pass over the characters, and a closer look where
 * one of them announces a value. Values that begin before `from` were seen before. Takes time linear in the text:
 * every look is at a stretch of bounded length.
 */
export function findStrong(text: string, from: number, isInBlob = false): Strong {
  const begin = isInBlob ? endOfBlob(text, from) : from;
  const strong: Strong = {
    hits: [],
    blobs: isInBlob ? [{ start: from - 1, end: begin }] : [],
    openFrom: text.length,
    hasNumbers: false,
    secretEnd: 0,
    hasScheme: undefined,
  };
  // A value begins up to so many characters after what announces it.
  const first = isInBlob ? begin : Math.max(0, from - LEAD_CHARS_MAX);
  const nextAnchor = openAnchors(text, first);
  for (let end = nextAnchor(first); end !== Number.POSITIVE_INFINITY; ) {
    let done = end;
    const code = text.charCodeAt(end - 1);
    if (isDigitCode(code)) {
      lookAtDigits(text, end, strong);
      // Whatever else this word holds does not begin one: in base64 that is nearly all.
      done = passBlob(text, endOfWord(text, end), { end, strong });
    } else if (code === 58 || code === 61) lookAtSign(text, end - 1, strong);
    else if (code === 64) lookAtAddress(text, end - 1, strong);
    else keep(strong, findAt(text, end, code));
    end = nextAnchor(done);
  }
  return strong;
}

function lookAtDigits(text: string, end: number, strong: Strong): void {
  let at = end - 1;
  while (isDigitCode(text.charCodeAt(at - 1)) && end - at < DIGITS_MAX) at -= 1;
  if (isDigitCode(text.charCodeAt(at - 1)) || isCount(text, at, end)) return;
  if (!strong.hasNumbers) strong.hasNumbers = mayBeNumber(text, at);
  if (text.charCodeAt(at - 1) === 37 && text.startsWith('40', at)) lookAtAddress(text, at - 1, strong);
  else keep(strong, findAtDigit(text, at));
}

function lookAtAddress(text: string, at: number, strong: Strong): void {
  strong.hasScheme ??= text.includes('://');
  keep(strong, findEmail(text, at, strong.hasScheme));
}

/** A few digits between words, which most numbers of a text are: `40 percent`, `page 7, ...`. */
function isCount(text: string, at: number, end: number): boolean {
  if (end - at > COUNT_DIGITS_MAX || isLetterCode(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === 37)
    return false;
  const sign = text.charCodeAt(end);
  return sign === 32 ? isPlainLetter(text.charCodeAt(end + 1)) : sign === 44 || sign === 33 || sign === 63;
}

function isPlainLetter(code: number): boolean {
  return code < 128 && isLetterCode(code);
}

function lookAtSign(text: string, at: number, strong: Strong): void {
  // Within a secret no second one is looked for: `a=a=a=` would be read again and again.
  if (at >= strong.secretEnd) {
    const secret = findSecret(text, at);
    strong.secretEnd = secret?.end ?? 0;
    keep(strong, secret);
  }
  keep(strong, findAtColon(text, at));
}

function findAt(text: string, end: number, code: number): ReturnType<Detector> {
  const at = end - 1;
  if (code === 46) return findDottedKey(text, at);
  if (code === 65) return findLetteredKey(text, at);
  if (code === 74) return text.startsWith('ey', at - 2) ? findJwt(text, at - 2) : undefined;
  if (code === 45 && text.startsWith('----B', end)) return findPrivateKey(text, at);
  return code === 45 || code === 95 ? findPrefixedKey(text, at) : findBearer(text, end - 6);
}

/**
 * Where to go on after a word that digits began: after the rest of the base64 that it is in, if it is in any. Base64
 * is long: a run that the text ends within is open until it is long enough.
 */
function passBlob(text: string, wordEnd: number, { end, strong }: { end: number; strong: Strong }): number {
  const sign = text.charCodeAt(wordEnd);
  const isJoined = sign === 43 || sign === 47 || wordEnd === text.length;
  if (wordEnd - end < BLOB_WORD_CHARS_MIN || !isJoined) return wordEnd;
  const blob = new RegExp(BLOB, 'y');
  blob.lastIndex = end;
  const chars = blob.test(text) ? blob.lastIndex - end : 0;
  if (chars >= BLOB_CHARS_MIN) {
    const blobEnd = Math.max(wordEnd, endOfBlob(text, end));
    strong.blobs.push({ start: end, end: blobEnd });
    return blobEnd;
  }
  if (end + chars === text.length) strong.openFrom = Math.min(strong.openFrom, end);
  return wordEnd;
}

/** Its last word stays to be looked at: it may go on in other signs, and be the beginning of a token. */
function endOfBlob(text: string, from: number): number {
  const blob = new RegExp(BLOB_REST, 'y');
  blob.lastIndex = from;
  let end = blob.test(text) ? blob.lastIndex : from;
  while (end > from && text.charCodeAt(end - 1) !== 43 && text.charCodeAt(end - 1) !== 47) end -= 1;
  return end;
}

function findAtColon(text: string, at: number): Hit | undefined {
  if (text.charCodeAt(at) !== 58) return undefined;
  if (text.startsWith('//', at + 1)) return findUserinfo(text, at);
  return findIpV6(text, at) ?? (text.charCodeAt(at + 1) === 65 ? findBotToken(text, at) : undefined);
}

function findAtDigit(text: string, at: number): Hit | undefined {
  const before = text.charCodeAt(at - 1);
  if (isLetterCode(before)) return before < 128 ? findAtLetters(text, at) : undefined;
  if (isWordAt(text, at - 1) || isLone(text, at)) return undefined;
  const ip = findIpV4(text, at);
  if (ip !== undefined) return ip;
  if ((before === 45 || before === 46) && isWordAt(text, at - 2)) return undefined;
  return findCard(text, at, false) ?? findSsn(text, at) ?? findMarkedId(text, at);
}

/** One digit in a row of such: nothing begins there, and rows may be long. */
function isLone(text: string, at: number): boolean {
  return (
    isGap(text.charCodeAt(at + 1)) && isGap(text.charCodeAt(at - 1)) && isDigitCode(text.charCodeAt(at - 2))
  );
}

function isGap(code: number): boolean {
  return code === 32 || code === 45 || code === 47;
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
