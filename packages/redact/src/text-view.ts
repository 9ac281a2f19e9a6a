/** Stands for a value that was taken out: no pattern matches it, and every boundary takes it for a letter. */
const MASK = '\ue000';
/** The same for what was written in digits, so that a number beside it is seen as its continuation. */
const NUMBER_MASK = '\ue001';

/**
 * A text as it is scanned: tricks of Unicode undone, placeholders one character each. `places` says for stretches of
 * it, in order, where in the text it was made of they begin; within one, character follows character.
 */
export type TextView = { text: string; places: readonly Place[] };
export type Place = { at: number; in: number };

/** What may be seen otherwise than it is, and the bracket that may begin a placeholder. */
const UNPLAIN =
  /[[\u00ad\u061c\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u180e\u00a0\u2000-\u2015\u2024\u202a-\u202f\u2060-\u206f\u2212\u3000\u3002\ufe52\ufe63\ufe6b\ufeff\uff01-\uff5e\ud835\ue000\ue001]/;
/** Those of them beyond Latin-1. */
const WIDE =
  /[\u061c\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u180e\u2000-\u2015\u2024\u202a-\u202f\u2060-\u206f\u2212\u3000\u3002\ufe52\ufe63\ufe6b\ufeff\uff01-\uff5e\ud835\ue000\ue001]/;
const PLACEHOLDER = /^\[([A-Z][A-Z0-9_]{0,40})_[A-Za-z0-9-]{1,64}\]/;
const PLACEHOLDER_CHARS_MAX = 108;
const NUMBER_TYPES: ReadonlySet<string> = new Set(['CARD', 'PHONE', 'SSN', 'NATIONAL_ID', 'IP']);
const INVISIBLE_RUN_MAX = 8;
/** First characters of ten digits each: Arabic-Indic, extended, Devanagari, Bengali, Thai and others of the world's scripts. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
];

/** What ranges of characters are seen as: nothing, a space, a hyphen, an at sign, a dot. */
const FOLDS: readonly (readonly [low: number, high: number, seen: string])[] = [
  [0xad, 0xad, ''],
  [0x61c, 0x61c, ''],
  [0x180e, 0x180e, ''],
  [0x200b, 0x200f, ''],
  [0x202a, 0x202e, ''],
  [0x2060, 0x206f, ''],
  [0xfeff, 0xfeff, ''],
  [0xa0, 0xa0, ' '],
  [0x2000, 0x200a, ' '],
  [0x202f, 0x202f, ' '],
  [0x3000, 0x3000, ' '],
  [0x2010, 0x2015, '-'],
  [0x2212, 0x2212, '-'],
  [0xfe63, 0xfe63, '-'],
  [0xfe6b, 0xfe6b, '@'],
  [0x2024, 0x2024, '.'],
  [0x3002, 0x3002, '.'],
  [0xfe52, 0xfe52, '.'],
  // Our own masks in a text must not pass for values that were taken out.
  [0xe000, 0xe001, ' '],
];

/** Which mask stands for a value of that type. */
export function maskOf(type: string): string {
  return NUMBER_TYPES.has(type) ? NUMBER_MASK : MASK;
}

/**
 * Whether a text is seen as it is, apart from placeholders. Three looks, each of which passes over many characters at
 * once; a text without characters beyond Latin-1 does not even have to be read for the third.
 */
export function isPlain(raw: string): boolean {
  return !raw.includes('\u00a0') && !raw.includes('\u00ad') && !WIDE.test(raw);
}

export function viewText(raw: string): TextView {
  if (isPlain(raw) && !raw.includes('[')) return { text: raw, places: SAME_PLACES };
  let last: Place = { at: 0, in: 0 };
  const places = [last];
  const special = new RegExp(UNPLAIN, 'g');
  let text = '';
  let done = 0;
  let invisible = 0;
  while (special.test(raw)) {
    const index = special.lastIndex - 1;
    const [seen, chars] = seenAt(raw, index);
    invisible = seen !== '' ? 0 : index === done ? invisible + 1 : 1;
    // A run without end of invisible characters must not be held in memory for one value.
    text += raw.slice(done, index) + (invisible > INVISIBLE_RUN_MAX ? ' ' : seen);
    done = index + chars;
    special.lastIndex = done;
    if (text.length !== last.at + done - last.in) {
      last = { at: text.length, in: done };
      places.push(last);
    }
  }
  return { text: text + raw.slice(done), places };
}

const SAME_PLACES: readonly Place[] = [{ at: 0, in: 0 }];

/** Where in the text a view was made of its character `at` is. */
export function placeOf(places: readonly Place[], at: number): number {
  let low = 0;
  for (let high = places.length - 1; low < high; ) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const place = places[low];
  return place === undefined ? at : place.in + at - place.at;
}

/** Whether nothing is seen of a character: what begins after it must not be divided from it. */
export function isInvisible(raw: string, at: number): boolean {
  const code = raw.charCodeAt(at);
  return code >= 0xad && UNPLAIN.test(raw.charAt(at)) && foldChar(code) === '';
}

/** What is seen at a place, one character or none, and how many characters of the text that is. */
function seenAt(raw: string, index: number): [string, number] {
  const code = raw.charCodeAt(index);
  if (code === 0x5b) {
    const found = PLACEHOLDER.exec(raw.slice(index, index + PLACEHOLDER_CHARS_MAX));
    return found === null ? ['[', 1] : [maskOf(found[1] ?? ''), found[0].length];
  }
  if (code < 0x80) return [raw.charAt(index), 1];
  if (code === 0xd835) return mathDigitAt(raw, index);
  return [foldChar(code), 1];
}

function mathDigitAt(raw: string, index: number): [string, number] {
  const low = raw.charCodeAt(index + 1);
  if (low >= 0xdfce && low <= 0xdfff) return [String((low - 0xdfce) % 10), 2];
  return [raw.charAt(index), 1];
}

function foldChar(code: number): string {
  for (const [low, high, seen] of FOLDS) if (code >= low && code <= high) return seen;
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  const isDigit = code > 0x65f && code < 0xeda;
  const zero = isDigit ? ZEROS.find((each) => code >= each && code < each + 10) : undefined;
  return zero === undefined ? String.fromCharCode(code) : String(code - zero);
}
