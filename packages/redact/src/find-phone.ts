import { type Hit, isDigitCode, isWordAt } from './hit.ts';
import { type Label, labelBefore, OTHER, OTHER_WITH_SIGN } from './label-before.ts';
import { NOUN, VERB } from './named-words.ts';
import { PHONE_AFTER, PHONE_LABELS } from './phone-words.ts';
import { type Dialled, readDialled } from './read-phone.ts';

/** Codes of countries (ITU-T E.164); of those with three digits the first two. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[05789]\d|9[679]\d)/;
const AMERICAN = /^1?[2-9]\d{9}$/;
const DATE =
  /^(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:19|20)\d\d)(?!\d)/;
const EPOCH = /^1[0-9](?:\d{8}|\d{11}|\d{14}|\d{17})$/;
const SAME = /^(\d)\1{0,20}$/;
const CURRENCY = /[#$\u20ac\u00a3]/;
const THOUSANDS = /^,\d{3}(?!\d)/;
const CLOSE_REACH = 20;
const WORD_REACH = 60;
const ZERO_SIZES = /^(?:0 )?[2-5](?: [2-8]){1,4}$/;

/** A telephone number whose first digit is at `at`: by its own form, or by its form and the words around it. */
export function findPhone(text: string, at: number, near: (kind: number) => number): Hit | undefined {
  const phone = readDialled(text, at);
  const length = phone.digits.length;
  if (length < 7 || phone.isCut || !isApart(text, phone)) return undefined;
  if (isDecimal(phone) || DATE.test(text.slice(at, phone.end)) || SAME.test(phone.digits)) return undefined;
  const hit: Hit = { type: 'PHONE', start: phone.start, end: phone.end };
  if (phone.isInternational && isByItself(phone)) return hit;
  const label = labelBefore(text, phone.start);
  if (isOther(label)) return undefined;
  if (near(NOUN) <= CLOSE_REACH) return isLabelled(phone, /[:=]/.test(label.signs)) ? hit : undefined;
  if (isLabel(label, phone)) return isLabelled(phone, false) ? hit : undefined;
  return isByItself(phone) || isNamed(phone, near, text.slice(phone.end, phone.end + 24)) ? hit : undefined;
}

/** A word that names numbers of another kind; some of them only with a sign, since people are called Max, too. */
function isOther({ last, signs }: Label): boolean {
  return OTHER.has(last) || CURRENCY.test(signs) || (OTHER_WITH_SIGN.has(last) && /[:=]/.test(signs));
}

/** `Office: ...`. Of a letter alone the number must look like a telephone's: `p = 12345678` is a sum. */
function isLabel({ last, signs }: Label, { digits, sizes }: Dialled): boolean {
  if (!PHONE_LABELS.has(last) || !/[:=]/.test(signs)) return false;
  return last.length > 2 || (!signs.includes('=') && (sizes.length > 1 || digits.startsWith('0')));
}

function isDecimal({ sizes, gaps }: Dialled): boolean {
  return gaps === '.' && sizes.length === 2 && (sizes[0] ?? 0) < 3;
}

function isEpoch({ digits, sizes }: Dialled): boolean {
  return sizes.length === 1 && EPOCH.test(digits);
}

/** A word for a telephone stands right before it. What may be a time must follow the word and its sign at once. */
function isLabelled(phone: Dialled, isAtOnce: boolean): boolean {
  if (isEpoch(phone) && !isAtOnce) return false;
  return phone.digits.length <= 13 || phone.sizes.length > 1 || phone.isInternational;
}

function isNamed(phone: Dialled, near: (kind: number) => number, after: string): boolean {
  const { digits, sizes } = phone;
  if (isEpoch(phone) || sizes.length > 6 || sizes.slice(2).some((size) => size < 2)) return false;
  if (PHONE_AFTER.test(after)) return true;
  const isGrouped = sizes.length > 1 && !(phone.gaps === '.' && sizes.length === 2);
  if (near(NOUN) <= WORD_REACH) return isGrouped || digits.length >= 9;
  if (near(VERB) > WORD_REACH) return false;
  return isGrouped || (digits.startsWith('0') && digits.length >= 9) || AMERICAN.test(digits);
}

/** Forms that hardly anything else has. */
function isByItself(phone: Dialled): boolean {
  const { digits, sizes, gaps } = phone;
  if (phone.isInternational) return digits.length >= 8 && COUNTRY.test(digits) && sizes.length <= 8;
  if (digits.startsWith('00') && (sizes[0] ?? 0) > 1)
    return digits.length >= 10 && sizes.length > 1 && COUNTRY.test(digits.slice(2)) && !gaps.includes('/');
  if (isAmerican(phone)) return true;
  if (phone.isBracketed && gaps.startsWith(')')) return isBracketedArea(phone);
  return digits.startsWith('0') && isZeroGrouped(phone);
}

function isAmerican({ digits, sizes, gaps, isBracketed }: Dialled): boolean {
  if (!AMERICAN.test(digits)) return false;
  const shape = sizes.slice(-3).join('');
  if (shape !== '334' || sizes.length > 4) return false;
  const signs = gaps.slice(-2);
  return (
    isBracketed ||
    gaps.includes(')') ||
    signs === '--' ||
    signs === '..' ||
    (signs === ' -' && sizes.length >= 3)
  );
}

function isBracketedArea({ digits, sizes }: Dialled): boolean {
  const area = digits.slice(0, sizes[0]);
  if (/^(?:19|20)\d\d$/.test(area) || (sizes[0] ?? 0) > 5) return false;
  return (
    digits.length >= 9 &&
    digits.length <= 12 &&
    sizes.length <= 5 &&
    sizes.slice(1).every((size) => size >= 2)
  );
}

/** `0` and an area, in groups with one kind of sign between them, as most of the world writes at home. */
function isZeroGrouped({ digits, sizes, gaps }: Dialled): boolean {
  if (
    digits.length < 9 ||
    digits.length > 12 ||
    (/^0\d0[0-9]/.test(digits) && sizes[0] === 2 && digits.length < 10)
  )
    return false;
  if (!ZERO_SIZES.test(sizes.join(' ')) || gaps.includes(')')) return false;
  const rest = gaps.slice(1);
  if (gaps.length === 1) return gaps !== '.' && (sizes[1] ?? 0) >= 5 && (sizes[0] ?? 0) >= 3;
  return (
    rest === rest.charAt(0).repeat(rest.length) &&
    (sizes.length > 3 || digits.length >= 10 || (sizes[0] ?? 0) <= 3)
  );
}

/** Signs that make a number part of something else: of a word, a path, a decimal, a sum, a range. */
function isApart(text: string, phone: Dialled): boolean {
  return isApartAfter(text, phone) && isApartBefore(text, phone);
}

function isApartAfter(text: string, { end, sizes }: Dialled): boolean {
  const sign = text.charAt(end);
  if (isWordAt(text, end) || sign === '@') return false;
  if (sign === '/') return !isWordAt(text, end + 1);
  if (!isDigitCode(text.charCodeAt(end + 1))) return true;
  // In a list of values a comma divides; in a number it stands before three digits.
  if (sign === ',') return (sizes.at(-1) ?? 0) > 3 || !THOUSANDS.test(text.slice(end, end + 5));
  return !'.:-+='.includes(sign);
}

function isApartBefore(text: string, { start, isInternational, sizes }: Dialled): boolean {
  const sign = text.charAt(start - 1);
  if (isWordAt(text, start - 1) || sign === '@' || sign === '+') return false;
  if (isInternational) return true;
  if (sign === '/' || sign === '#' || sign === '$') return false;
  if (!isWordAt(text, start - 2)) return true;
  const isLetter = !isDigitCode(text.charCodeAt(start - 2));
  if (sign === ',') return isLetter || sizes[0] !== 3;
  if (sign === '.' || sign === ':') return isLetter && text.charCodeAt(start - 2) < 0xe000;
  return sign !== '-';
}
