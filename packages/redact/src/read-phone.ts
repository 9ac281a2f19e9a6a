import { isDigitCode } from './hit.ts';

/** A number in groups, as it is written: `(0)` after a country's code is a group like the others. */
export type Dialled = {
  start: number;
  end: number;
  digits: string;
  sizes: number[];
  /** The sign between two groups, one character each; a space with brackets is the bracket. */
  gaps: string;
  isInternational: boolean;
  isBracketed: boolean;
  /** More digits follow than a telephone number has. */
  isCut: boolean;
};

const DIGITS_MAX = 15;
const GROUPS_MAX = 8;
const EXTENSION = /^(?: ?(?:x|ext\.?|extn\.?|extension|durchwahl|poste|#) ?\d{1,6})(?!\d)/i;

/** Reads a number whose first digit is at `at`, with the `+` or bracket before it. */
export function readDialled(text: string, at: number): Dialled {
  let start = at;
  const isBracketed = text.charAt(start - 1) === '(';
  if (isBracketed) start -= 1;
  const isInternational = text.charAt(start - 1) === '+' || (isBracketed && text.charAt(start) === '+');
  if (text.charAt(start - 1) === '+') start -= 1;
  const isOuter = isInternational && !isBracketed && text.charAt(start - 1) === '(';
  const dialled = { digits: '', sizes: [] as number[], gaps: '' };
  const { end, isCut } = readGroups(text, at, dialled);
  const extension = EXTENSION.exec(text.slice(end, end + 20))?.[0].length ?? 0;
  return {
    ...dialled,
    start: isOuter && text.slice(start, end).includes(')') ? start - 1 : start,
    end: end + extension,
    isInternational,
    isBracketed,
    isCut,
  };
}

function readGroups(
  text: string,
  from: number,
  dialled: { digits: string; sizes: number[]; gaps: string },
): { end: number; isCut: boolean } {
  let end = from;
  for (let begin = from; ; ) {
    let after = begin;
    while (after - begin <= DIGITS_MAX && isDigitCode(text.charCodeAt(after))) after += 1;
    if (dialled.digits.length + after - begin > DIGITS_MAX || dialled.sizes.length > GROUPS_MAX)
      return { end, isCut: true };
    dialled.digits += text.slice(begin, after);
    dialled.sizes.push(after - begin);
    end = after;
    const gap = text.slice(end, gapEnd(text, end));
    if (gap === '' || !isDigitCode(text.charCodeAt(end + gap.length))) {
      return { end, isCut: gap !== '' && text.charCodeAt(end + gap.length) === 0xe001 };
    }
    dialled.gaps += gap.trim().charAt(0) || ' ';
    begin = end + gap.length;
  }
}

const SLASH = /^ [-/] \d/;

/** One sign, or a bracket and a sign, then a space and an opening bracket. */
function gapEnd(text: string, at: number): number {
  let end = at;
  const code = text.charCodeAt(end);
  if (code === 41) {
    end += 1;
    if (text.charCodeAt(end) === 32) end += 1;
    if (text.charCodeAt(end) === 45 || text.charCodeAt(end) === 47) end += 1;
  } else if (code === 32 && SLASH.test(text.slice(at, at + 4))) return at + 3;
  else if (code === 32 || code === 45 || code === 46 || code === 47) end += 1;
  else if (code === 92 && text.charCodeAt(end + 1) === 45) end += 2;
  if (text.charCodeAt(end) === 32) end += 1;
  return text.charCodeAt(end) === 40 ? end + 1 : end;
}
