import { findCard } from './find-card.ts';
import { findNamedId } from './find-national-id.ts';
import { findPhone } from './find-phone.ts';
import { endOfWord, type Hit, isDigitCode, isLetterCode } from './hit.ts';
import { isInside, lettersBefore, mayBeNumber } from './may-be-number.ts';
import { CARD, createWordSearch, ID_ROWS, type NamedWord } from './named-words.ts';

const LEFT_CHARS = 160;
const WORD_REACH = 60;
const AFTER_REACH = 60;
/** The longest word that is looked for, and how much is read at once. */
const WORD_CHARS_MAX = 32;
const AHEAD_CHARS = 120;

/** How far back, in characters without those of values that were found, the last word of a kind stands. */
type Nearness = (kind: number) => number;

/**
 * Numbers that only the words around them make a telephone's, a card's or a person's. `text` has a mask where
 * something was taken out already; what is before `from` is only read.
 */
export function findNamed(text: string, from: number): Hit[] {
  const hits: Hit[] = [];
  const words = openWords(text);
  const digits = new RegExp(DIGITS, 'g');
  digits.lastIndex = from;
  while (digits.test(text)) {
    const end = digits.lastIndex;
    const at = startOfDigits(text, end);
    // No other number begins in the same word.
    digits.lastIndex = endOfWord(text, end);
    if (isInside(text, at, hits.at(-1)?.end ?? 0) || !mayBeNumber(text, at)) continue;
    const hit = findAt(text, at, words.around(at));
    if (hit === undefined) continue;
    hits.push(hit);
    words.skip(hit);
    digits.lastIndex = hit.end;
  }
  return hits;
}

const DIGITS = /\d{1,40}/;
const DIGITS_MAX = 40;

function startOfDigits(text: string, end: number): number {
  let at = end - 1;
  while (end - at < DIGITS_MAX && isDigitCode(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** The end of a text, as much of it as words before a number are looked for in. */
export function leftOf(text: string): string {
  return text.slice(-LEFT_CHARS);
}

/**
 * `hasId` is a quick answer to whether any word of a national number is near; `ahead` tells where the next word of a
 * kind begins, when it is not far.
 */
type Around = { near: Nearness; hasId: boolean; ahead: (kind: number) => number | undefined };

/**
 * The words around one number after the other; only there is looked for words. Values that were found since count as
 * one character each, as they will when they are masks.
 */
function openWords(text: string): { around(at: number): Around; skip(hit: Hit): void } {
  const listWords = createWordSearch();
  const last: number[] = [];
  let words: NamedWord[] = [];
  let known = 0;
  let next = 0;
  let shift = 0;
  let skipped = 0;
  let lastId = Number.NEGATIVE_INFINITY;
  function read(at: number): void {
    if (at + AFTER_REACH <= known) return;
    const from = Math.max(0, at - LEFT_CHARS, known - WORD_CHARS_MAX, skipped);
    known = at + AHEAD_CHARS;
    words = [...words.slice(next), ...listWords(text, from, known)].sort((a, b) => a.end - b.end);
    next = 0;
  }
  return {
    around(at) {
      read(at);
      for (let word = words[next]; word !== undefined && word.end <= at; word = words[next]) {
        last[word.kind] = Math.max(last[word.kind] ?? 0, word.end - shift);
        if (word.kind >= ID_ROWS) lastId = Math.max(lastId, word.end - shift);
        next += 1;
      }
      return {
        hasId: at - shift - lastId <= WORD_REACH,
        near: (kind) => {
          const end = last[kind];
          return end === undefined ? Number.POSITIVE_INFINITY : at - shift - end;
        },
        ahead: (kind) =>
          words.slice(next).find((word) => word.kind === kind && word.start < at + AFTER_REACH)?.start,
      };
    },
    skip(hit) {
      shift += hit.end - hit.start - 1;
      skipped = hit.end;
      // A word inside a value is gone with it.
      while ((words[next]?.end ?? Number.POSITIVE_INFINITY) <= hit.end) next += 1;
    },
  };
}

function findAt(text: string, at: number, around: Around): Hit | undefined {
  const isNamed = (row: number): boolean => around.near(ID_ROWS + row) <= WORD_REACH;
  const letters = isLetterCode(text.charCodeAt(at - 1)) ? lettersBefore(text, at) : 0;
  if (letters > 0) return around.hasId ? findNamedId(text, at - letters, isNamed) : undefined;
  return findNamedNumber(text, at, { around, isNamed }) ?? findPhone(text, at, around.near);
}

type Naming = { around: Around; isNamed: (row: number) => boolean };

function findNamedNumber(text: string, at: number, { around, isNamed }: Naming): Hit | undefined {
  const sign = text.charCodeAt(at - 1);
  const isJoined = sign === 45 || sign === 46 || sign === 43 || sign === 47;
  if (isJoined && text.charCodeAt(at - 2) > 32) return undefined;
  const card = findNamedCard(text, at, around);
  if (card !== undefined) return card;
  if (!around.hasId) return findSsnBefore(text, at, around);
  const isAfterPair = sign === 32 && PAIR.test(text.slice(Math.max(0, at - 4), at));
  const paired = isAfterPair ? findNamedId(text, at - 3, isNamed) : undefined;
  return paired ?? findNamedId(text, at, isNamed) ?? findSsnBefore(text, at, around);
}

/** Two letters that a British number begins with, when spaces divide all of it: `AB 12 34 56 C`. */
const PAIR = /(?:^|[^A-Za-z0-9_])[A-Za-z]{2} $/;
const GROUPED_SSN = /^\d{3}([ .])\d{2}\1\d{4}/;
const SSN_CHARS = 11;

/** A social security number in its groups, whose word stands after it without another number between them. */
function findSsnBefore(text: string, at: number, around: Around): Hit | undefined {
  if (!GROUPED_SSN.test(text.slice(at, at + SSN_CHARS))) return undefined;
  const ahead = around.ahead(ID_ROWS);
  if (ahead === undefined || NUMBER.test(text.slice(at + SSN_CHARS, ahead))) return undefined;
  return findNamedId(text, at, (row) => row === 0);
}

/** A word for cards stands before it, or after it without another number or value between them. */
function findNamedCard(text: string, at: number, around: Around): Hit | undefined {
  const isNear = around.near(CARD) <= WORD_REACH;
  const ahead = isNear ? at : around.ahead(CARD);
  const card = ahead === undefined ? undefined : findCard(text, at, true);
  return isNear || card === undefined || !NUMBER.test(text.slice(card.end, ahead)) ? card : undefined;
}

const NUMBER = /[\d\ue000\ue001]/;
