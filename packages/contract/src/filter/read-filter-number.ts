import { FilterFault, type Word } from './filter-scanner.ts';

export type NumberUnit = 'money' | 'duration' | 'count' | 'number';

const MICROS: { readonly [unit: string]: number } = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};
const THOUSANDS: { readonly [unit: string]: number } = { '': 1, k: 1_000, m: 1_000_000 };

const remedies: Readonly<Record<NumberUnit, string>> = {
  money: 'An amount is in dollars, such as 0.01, with at most nine decimals',
  duration: 'A length of time has a unit, such as 300ms, 2s, 1.5m or 1h',
  count: 'A count is a whole number, such as 500, 10k or 2m',
  number: 'A number is expected here, such as 0.5',
};

/** In the unit of the field: nano-dollars, microseconds, a count, or as it is. Throws a fault with what to write instead. */
export function readFilterNumber({ text, at }: Pick<Word, 'text' | 'at'>, unit: NumberUnit): number {
  const value = parse(text, unit);
  if (value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new FilterFault(at, `"${text.slice(0, 40)}" cannot be read: ${remedies[unit]}.`);
}

function parse(text: string, unit: NumberUnit): number | undefined {
  const [, sign = '', whole = '', decimals = '', suffix = ''] =
    /^(-?)\$?(\d{1,15})(?:\.(\d{1,12}))?([a-z]{0,2})$/.exec(text) ?? [];
  if (whole === '') return undefined;
  const number = Number(`${sign}${whole}.${decimals || '0'}`);
  if (unit === 'money') {
    if (suffix !== '' || decimals.length > 9) return undefined;
    return Number(`${sign}${whole}${decimals.padEnd(9, '0')}`);
  }
  if (text.includes('$')) return undefined;
  if (unit === 'number') return suffix === '' ? number : undefined;
  const factors = unit === 'duration' ? MICROS : THOUSANDS;
  const factor = Object.hasOwn(factors, suffix) ? factors[suffix] : undefined;
  if (factor === undefined) return undefined;
  const scaled = Math.round(number * factor * 1e6) / 1e6;
  return unit === 'duration' || Number.isInteger(scaled) ? Math.round(scaled) : undefined;
}
