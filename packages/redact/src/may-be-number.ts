import { isDigitCode, isLetterCode, isWordAt } from './hit.ts';

const DIGITS_MIN = 6;
const GAP_MAX = 3;
const LETTERS_MAX = 5;
const GAPS = ' -./()\\';

/** Whether the digit at `at` may begin a number that words can name: a cheap look before words are looked for. */
export function mayBeNumber(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (isLetterCode(before)) return lettersBefore(text, at) > 0;
  return !isWordAt(text, at - 1) && hasDigits(text, at);
}

/** How many letters, of at most five that begin a word, stand before the digit at `at`. */
export function lettersBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start <= LETTERS_MAX && isLetterCode(text.charCodeAt(start - 1))) start -= 1;
  const letters = at - start;
  if (letters > LETTERS_MAX || isWordAt(text, start - 1)) return 0;
  // Indian PAN: five letters, four digits, a letter.
  const isPan =
    letters === LETTERS_MAX && isDigitCode(text.charCodeAt(at + 3)) && isLetterCode(text.charCodeAt(at + 4));
  return isPan || hasDigits(text, at) ? letters : 0;
}

/** Whether enough digits begin here, with gaps of a few signs at most. */
function hasDigits(text: string, at: number): boolean {
  let count = 0;
  for (let next = at, gap = 0; gap <= GAP_MAX && next < text.length; next += 1) {
    if (isDigitCode(text.charCodeAt(next))) {
      count += 1;
      gap = 0;
      if (count === DIGITS_MIN) return true;
    } else if (GAPS.includes(text.charAt(next))) gap += 1;
    else return false;
  }
  return false;
}

/**
 * In the middle of a row of groups nothing begins, unless it begins like a telephone number. `done` is where the last
 * value ended that was found: it counts as a mask.
 */
export function isInside(text: string, at: number, done: number): boolean {
  const sign = text.charCodeAt(at - 1);
  const before = at - 2 < done ? 0xe001 : text.charCodeAt(at - 2);
  if (sign === 40) return isDigitCode(before) || before === 41;
  if (sign !== 32 && sign !== 45 && sign !== 46 && sign !== 47) return false;
  if (!isDigitCode(before) && before !== 0xe001 && before !== 41) return false;
  if (sign !== 32 || before === 0xe001) return sign !== 32;
  // After a postal code or the number of a box a telephone number begins with zero.
  const isZero = text.charCodeAt(at) === 48 && isDigitCode(text.charCodeAt(at + 1));
  const isLong = at - 5 > done && isDigitCode(text.charCodeAt(at - 4)) && text.charCodeAt(at - 5) !== 48;
  return !(isZero && isDigitCode(before) && isLong);
}
