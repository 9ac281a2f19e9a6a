/**
 * What announces a value: digits, `@`, `:`, `=`, `J` (of a token), hyphens and underscores (of keys), and rare others.
 * No more than sixteen characters in one pattern: of so few the engine passes over a text many characters at once, of
 * one more it looks at each.
 */
const COMMON = /\d{1,40}|[@:=J_-]/;
const BEARER = /[Bb]earer/;
const BEARER_CHARS = 6;

/** Whether nothing in the text announces a value. */
export function hasNoAnchor(text: string): boolean {
  return !COMMON.test(text) && nextDot(text, 0) === NONE && nextA(text, 0) === NONE && !BEARER.test(text);
}

const NONE = Number.POSITIVE_INFINITY;

/**
 * Goes through what announces values, from `first` on: each call tells where the next one ends that begins at `from`
 * or later. Places have to be asked for in order.
 */
export function openAnchors(text: string, first: number): (from: number) => number {
  const common = new RegExp(COMMON, 'g');
  const bearer = new RegExp(BEARER, 'g');
  let commonEnd = first;
  let dotEnd = nextDot(text, first);
  let letterEnd = nextA(text, first);
  let bearerEnd = nextOf(bearer, text, first);
  return (from) => {
    if (commonEnd <= from) commonEnd = nextCommon(common, text, from);
    if (dotEnd <= from) dotEnd = nextDot(text, from);
    if (letterEnd <= from) letterEnd = nextA(text, from);
    if (bearerEnd < from + BEARER_CHARS) bearerEnd = nextOf(bearer, text, from);
    return Math.min(commonEnd, dotEnd, letterEnd, bearerEnd);
  };
}

function nextOf(search: RegExp, text: string, from: number): number {
  search.lastIndex = from;
  return search.test(text) ? search.lastIndex : NONE;
}

/** Of hyphens and underscores only those that a word goes on after. */
function nextCommon(search: RegExp, text: string, from: number): number {
  search.lastIndex = from;
  while (search.test(text)) {
    const end = search.lastIndex;
    const code = text.charCodeAt(end - 1);
    if ((code !== 45 && code !== 95) || goesOn(text, end)) return end;
  }
  return NONE;
}

function goesOn(text: string, from: number): boolean {
  for (let at = from; at < from + 6; at += 1) if (!isKeyCode(text.charCodeAt(at))) return false;
  return true;
}

/** The next dot after a beginning of a key that one ends: `SG.`, `hvs.`, `hvb.`, `ya29.`. */
function nextDot(text: string, from: number): number {
  for (let at = text.indexOf('.', from); at !== -1; at = text.indexOf('.', at + 1)) {
    const before = text.charCodeAt(at - 1);
    const isBegin = before === 71 || before === 115 || before === 98 || before === 57;
    if (isBegin && isKeyCode(text.charCodeAt(at + 1))) return at + 1;
  }
  return NONE;
}

/** The next `A` of two capitals: Amazon's, Google's and Atlassian's keys begin so. */
function nextA(text: string, from: number): number {
  for (let at = text.indexOf('A', from); at !== -1; at = text.indexOf('A', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next >= 65 && next <= 90) return at + 1;
  }
  return NONE;
}

function isKeyCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}
