import { isLuhn } from './checksums.ts';
import { type Hit, isDigitCode, isWordAt } from './hit.ts';
import { labelBefore } from './label-before.ts';

const DIGITS_MIN = 12;
const DIGITS_MAX = 19;
const CHARS_MAX = 60;
const GAP_MAX = 3;
const GROUPED = /^(?:4 4 4 4(?: [1-3])?|4 4 4 [1-4]|4 6 [45]|6 13|(?:1 ){12,18}1)$/;
const LABELS = new Set(
  (
    'order invoice ticket tracking trace span request session job run epoch timestamp time ts id ids uuid build sku serial ' +
    'isbn ean upc gtin imei offset seed hash'
  ).split(' '),
);
export const CARD_WORD =
  /\b(?:credit|debit|cards?|cc|visa|master ?card|amex|american express|maestro|discover|diners|jcb|union ?pay|karten?|kreditkarten?\w{0,8}|carte|tarjeta|carta|cart[aã]o|kaart|karta|kort|pan)\b|карт|カード|信用卡|银行卡|卡号|بطاقة/i;

type DigitRun = { digits: string; sizes: number[]; ends: number[] };

/** Digits from `at` on, in groups that gaps of up to three signs divide. */
function readDigitRun(text: string, at: number): DigitRun {
  const run: DigitRun = { digits: '', sizes: [], ends: [] };
  const most = Math.min(text.length, at + CHARS_MAX);
  for (let from = at; from < most; ) {
    let end = from;
    while (isDigitCode(text.charCodeAt(end)) && run.digits.length + end - from <= DIGITS_MAX) end += 1;
    if (run.digits.length + end - from > DIGITS_MAX) break;
    run.digits += text.slice(from, end);
    run.sizes.push(end - from);
    run.ends.push(end);
    from = end;
    while (from < end + GAP_MAX && isGapCode(text.charCodeAt(from))) from += 1;
    if (from === end || !isDigitCode(text.charCodeAt(from))) break;
  }
  return run;
}

function isGapCode(code: number): boolean {
  return code === 32 || code === 45 || code === 46;
}

/**
 * A payment card that begins at the digit at `at`: an issuer's range, its length, and Luhn's sum. `isNamed` says that
 * the text speaks of cards; unless it does, only the usual lengths and groups count.
 */
export function findCard(text: string, at: number, isNamed: boolean): Hit | undefined {
  if (!mayBegin(text.charCodeAt(at), text.charCodeAt(at + 1)) || isSingleInside(text, at)) return undefined;
  if (!isNamed && !isUsualBegin(text, at)) return undefined;
  const { digits, sizes, ends } = readDigitRun(text, at);
  const range = digits.length < DIGITS_MIN ? undefined : rangeOf(digits);
  if (range === undefined) return undefined;
  for (let count = ends.length, length = digits.length; count > 0 && length >= DIGITS_MIN; count -= 1) {
    const end = ends[count - 1] ?? at;
    const isUsual = range[2] === length;
    const isLength = isUsual || (isNamed && length >= range[3] && length <= range[4]);
    const isForm = isNamed || count === 1 || GROUPED.test(sizes.slice(0, count).join(' '));
    if (isLength && isForm && isLuhn(digits.slice(0, length)) && isBoundary(text, end)) {
      return isNamed ? { type: 'CARD', start: at, end } : unlabelled(text, at, end);
    }
    length -= sizes[count - 1] ?? 0;
  }
  return undefined;
}

/** The first group of a card that no word names: four digits, all, or one of digits that stand alone. */
function isUsualBegin(text: string, at: number): boolean {
  let end = at;
  while (isDigitCode(text.charCodeAt(end)) && end - at < DIGITS_MIN) end += 1;
  return end - at === 4 || end - at === 1 || end - at === DIGITS_MIN;
}

/** Of digits written one by one only the first begins a card. */
function isSingleInside(text: string, at: number): boolean {
  const isSingle = isGapCode(text.charCodeAt(at + 1));
  return isSingle && isGapCode(text.charCodeAt(at - 1)) && isDigitCode(text.charCodeAt(at - 2));
}

function isBoundary(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  return !isWordAt(text, end) && !((next === 46 || next === 45) && isWordAt(text, end + 1));
}

function unlabelled(text: string, start: number, end: number): Hit | undefined {
  if (text.charAt(start - 1) === '/') return undefined;
  const label = labelBefore(text, start);
  return { type: 'CARD', start, end, ...(LABELS.has(label.last) ? { labelAt: label.at } : {}) };
}

function rangeOf(digits: string): Range | undefined {
  return RANGES[RANGE_AT[Number(digits.slice(0, 4))] ?? RANGES.length];
}

type Range = readonly [low: number, high: number, usual: number, rareMin: number, rareMax: number];

/**
 * Issuers by the first four digits: the usual length (0: none), by which a card is told apart from other numbers, and
 * the lengths that count only where the text speaks of a card. The first row that fits counts.
 */
const RANGES: readonly Range[] = [
  // Visa.
  [4000, 4999, 16, 13, 19],
  // American Express.
  [3400, 3499, 15, 15, 15],
  [3700, 3799, 15, 15, 15],
  // Mastercard, both series.
  [5100, 5599, 16, 16, 16],
  [2221, 2720, 16, 16, 16],
  // JCB, today's range, its old ones, and what generators of test cards take for it.
  [3528, 3589, 16, 16, 19],
  [3500, 3599, 0, 16, 19],
  [1800, 1800, 0, 15, 15],
  [2131, 2131, 0, 15, 15],
  // Diners Club.
  [3000, 3059, 0, 14, 19],
  [3095, 3095, 0, 14, 19],
  [3600, 3699, 0, 14, 19],
  [3800, 3999, 0, 14, 19],
  // Mir.
  [2200, 2204, 16, 16, 19],
  // Discover, UnionPay, RuPay.
  [6011, 6011, 16, 16, 19],
  [6440, 6599, 16, 16, 19],
  [6200, 6299, 16, 16, 19],
  [8100, 8199, 16, 16, 19],
  // Maestro and other debit cards.
  [5000, 5099, 0, 12, 19],
  [5600, 6999, 0, 12, 19],
  [604, 604, 0, 12, 19],
  // Troy.
  [9792, 9792, 0, 16, 16],
];

/** By the first four digits, which row is theirs. */
const RANGE_AT = createRangeTable();

/** Backwards, because the first row that fits counts. */
function createRangeTable(): Uint8Array {
  const table = new Uint8Array(10_000).fill(RANGES.length);
  for (const [at, [low, high]] of [...RANGES.entries()].reverse()) table.fill(at, low, high + 1);
  return table;
}

function mayBegin(first: number, digitOrGap: number): boolean {
  const second = isGapCode(digitOrGap) ? 0 : digitOrGap;
  if (first === 49) return second === 56 || second === 0;
  if (first === 56) return second === 49 || second === 0;
  return first === 48 || (first >= 50 && first <= 54) || first === 57;
}
