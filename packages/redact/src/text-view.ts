/** Stands for a value that was taken out: no pattern matches it, and every boundary takes it for a letter. */
export const MASK = '\ue000';
/** The same for what was written in digits, so that a number beside it is seen as its continuation. */
export const NUMBER_MASK = '\ue001';

/**
 * A text as it is scanned: tricks of Unicode undone, placeholders one character each. `at[i]` is where character `i`
 * begins in the text it was made of, `at[length]` its end; absent when every character is where it was.
 */
export type TextView = { text: string; at?: number[] };

/** Anything but ASCII, or a bracket, which may begin a placeholder. */
const UNPLAIN = /[^\p{ASCII}]|\[/u;
const PLACEHOLDER = /^\[([A-Z][A-Z0-9_]{0,40})_[A-Za-z0-9-]{1,64}\]/;
const PLACEHOLDER_CHARS_MAX = 108;
const NUMBER_TYPES = /^(?:CARD|PHONE|SSN|NATIONAL_ID|IP)$/;
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
  [0xfe00, 0xfe0f, ''],
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
  return NUMBER_TYPES.test(type) ? NUMBER_MASK : MASK;
}

export function viewText(raw: string): TextView {
  if (!UNPLAIN.test(raw)) return { text: raw };
  const at: number[] = [];
  let text = '';
  let invisible = 0;
  let isSame = true;
  for (let index = 0; index < raw.length; ) {
    const [seen, chars] = seenAt(raw, index);
    invisible = seen === '' ? invisible + 1 : 0;
    // A run without end of invisible characters must not be held in memory for one value.
    const shown = invisible > INVISIBLE_RUN_MAX ? ' ' : seen;
    if (shown !== '') at.push(index);
    isSame &&= shown === raw.charAt(index) && chars === 1;
    text += shown;
    index += chars;
  }
  if (isSame) return { text: raw };
  at.push(raw.length);
  return { text, at };
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
