import { type Hit, isDigitCode, isWordAt } from './hit.ts';
import { labelBefore, OTHER } from './label-before.ts';
import { NOUN, VERB } from './named-words.ts';
import { PHONE_AFTER, PHONE_LABELS, PHONE_NOUN, PHONE_VERB } from './phone-words.ts';
import { type Dialled, dialledPatterns, readDialled } from './read-phone.ts';

/** Codes of countries (ITU-T E.164); of those with three digits the first two. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[05789]\d|9[679]\d)/;
const AMERICAN = /^1?[2-9]\d{9}$/;
const DATE =
  /^(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:19|20)\d\d)(?!\d)/;
const EPOCH = /^1[0-9](?:\d{8}|\d{11}|\d{14}|\d{17})$/;
const SAME = /^(\d)\1{0,20}$/;
const CLOSE_REACH = 20;
const WORD_REACH = 60;
const ZERO_SIZES = /^(?:0 )?[2-5](?: [2-8]){1,4}$/;

export const phonePatterns = {
  ...dialledPatterns,
  COUNTRY,
  AMERICAN,
  DATE,
  EPOCH,
  SAME,
  ZERO_SIZES,
  PHONE_NOUN,
  PHONE_VERB,
  PHONE_AFTER,
};

/** A telephone number whose first digit is at `at`: by its own form, or by its form and the words around it. */
export function findPhone(text: string, at: number, near: (kind: number) => number): Hit | undefined {
  const phone = readDialled(text, at);
  const length = phone.digits.length;
  if (length < 7 || phone.isCut || !isApart(text, phone)) return undefined;
  if (isDecimal(phone) || DATE.test(text.slice(at, phone.end)) || SAME.test(phone.digits)) return undefined;
  const hit: Hit = { type: 'PHONE', start: phone.start, end: phone.end };
  if (phone.isInternational && isByItself(phone)) return hit;
  const label = labelBefore(text, phone.start);
  const isOther = OTHER.has(label.last) || /[#$\u20ac\u00a3]/.test(label.signs);
  const isLabel = PHONE_LABELS.has(label.last) && /[:=]/.test(label.signs);
  if (near(NOUN) <= CLOSE_REACH || isLabel) return isLabelled(phone, label.signs) ? hit : undefined;
  if (isOther) return undefined;
  return isByItself(phone) || isNamed(phone, near, text.slice(phone.end, phone.end + 24)) ? hit : undefined;
}

function isDecimal({ sizes, gaps }: Dialled): boolean {
  return gaps === '.' && sizes.length === 2 && (sizes[0] ?? 0) < 3;
}

function isEpoch({ digits, sizes }: Dialled): boolean {
  return sizes.length === 1 && EPOCH.test(digits);
}

/** A word for a telephone stands right before it. What may be a time must follow the word at once. */
function isLabelled(phone: Dialled, signs: string): boolean {
  if (isEpoch(phone) && !/[:=]/.test(signs)) return false;
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
function isApart(text: string, { start, end, isInternational }: Dialled): boolean {
  const next = text.charCodeAt(end);
  const then = text.charCodeAt(end + 1);
  if (isWordAt(text, end) || next === 64) return false;
  if ((next === 46 || next === 44 || next === 58) && isDigitCode(then)) return false;
  if (next === 47 && isWordAt(text, end + 1)) return false;
  if ((next === 45 || next === 43 || next === 61) && isDigitCode(then)) return false;
  const before = text.charCodeAt(start - 1);
  if (isWordAt(text, start - 1) || before === 64 || before === 43) return false;
  if (isInternational) return true;
  if (before === 47 || before === 35 || before === 36) return false;
  return !(
    (before === 45 || before === 46 || before === 44 || before === 58) &&
    isWordAt(text, start - 2) &&
    !(before === 46 || before === 58 ? /[A-Za-z]/.test(text.charAt(start - 2)) : false)
  );
}
