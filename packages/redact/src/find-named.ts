import { CARD_WORD, findCard } from './find-card.ts';
import { findNamedId } from './find-national-id.ts';
import { type Before, findPhone } from './find-phone.ts';
import { type Hit, isDigitCode, isLetterCode, isWordAt } from './hit.ts';

const LEFT_CHARS = 160;
const WORDS_CHARS = 60;
const AFTER_CHARS = 30;
const LETTERS_MAX = 3;
const MASKS = /[\ue000\ue001]/g;

/** What the words around it must confirm. */
export type Named = { hits: Hit[] };

/**
 * Numbers that only the words around them make a telephone's, a card's or a person's. `text` has a mask where
 * something was taken out already. `left` is what came before `from`; each value that is found is a mask to the next.
 */
export function findNamed(text: string, from: number, left: string): Hit[] {
  const hits: Hit[] = [];
  let known = left;
  let done = from;
  for (let at = from; at < text.length; at += 1) {
    if (!isDigitCode(text.charCodeAt(at)) || isDigitCode(text.charCodeAt(at - 1))) continue;
    const hit = findAt(text, at, () => beforeOf(known + text.slice(Math.max(done, at - LEFT_CHARS), at)));
    if (hit === undefined || hit.start < done) continue;
    hits.push(hit);
    known = leftOf(`${known}${text.slice(Math.max(done, hit.start - LEFT_CHARS), hit.start)}\ue001`);
    done = hit.end;
    at = hit.end - 1;
  }
  return hits;
}

/** The end of a text, as much of it as the words before a number are looked for in. */
export function leftOf(text: string): string {
  return text.slice(-LEFT_CHARS);
}

function beforeOf(left: string): Before {
  const kept = leftOf(left).replace(MASKS, '').slice(-WORDS_CHARS);
  return { words: kept.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' '), last: left.slice(-2) };
}

function findAt(text: string, at: number, before: () => Before): Hit | undefined {
  const previous = text.charCodeAt(at - 1);
  if (isLetterCode(previous)) return findAfterLetters(text, at, before);
  if (isWordAt(text, at - 1) || !hasDigits(text, at)) return undefined;
  if (isInside(text, at)) return undefined;
  let seen: Before | undefined;
  const once = (): Before => {
    seen ??= before();
    return seen;
  };
  return findNamedAt(text, at, once) ?? findPhone(text, at, once);
}

function findNamedAt(text: string, at: number, before: () => Before): Hit | undefined {
  const sign = text.charCodeAt(at - 1);
  if ((sign === 45 || sign === 46 || sign === 43 || sign === 47) && text.charCodeAt(at - 2) > 32)
    return undefined;
  const { words } = before();
  const around = `${words}\n${text.slice(at, at + AFTER_CHARS + 24)}`;
  const card = CARD_WORD.test(around) ? findCard(text, at, true) : undefined;
  return card ?? findNamedId(text, at, words);
}

/** British, Indian and Irish numbers begin with letters. */
function findAfterLetters(text: string, at: number, before: () => Before): Hit | undefined {
  let start = at;
  while (start > 0 && at - start < 6 && isLetterCode(text.charCodeAt(start - 1))) start -= 1;
  if (isWordAt(text, start - 1) || at - start > 5 || (at - start > LETTERS_MAX && at - start !== 5))
    return undefined;
  return hasDigits(text, at) || at - start === 5 ? findNamedId(text, start, before().words) : undefined;
}

/** Whether seven digits begin here that gaps of one or two signs divide at most. */
function hasDigits(text: string, at: number): boolean {
  let count = 0;
  let gap = 0;
  for (let next = at; next < at + 32; next += 1) {
    if (isDigitCode(text.charCodeAt(next))) {
      count += 1;
      gap = 0;
      if (count === 6) return true;
    } else {
      gap += 1;
      if (gap > 3) return false;
    }
  }
  return false;
}

/** In the middle of a row of groups nothing begins, unless it begins like a telephone number. */
function isInside(text: string, at: number): boolean {
  const sign = text.charCodeAt(at - 1);
  const isGap = sign === 32 || sign === 45 || sign === 46 || sign === 47;
  if (!isGap) return false;
  const before = text.charCodeAt(at - 2);
  if (!isDigitCode(before) && before !== 0xe001 && before !== 41) return false;
  return sign !== 32 || (text.charCodeAt(at) !== 48 && before !== 0xe001);
}
