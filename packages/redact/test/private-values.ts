import { isLuhn, restOf } from '../src/checksums.ts';
import type { Seeded } from './seeded.ts';

export function newCard(chance: Seeded): string {
  const [prefix, length] = chance.pick<readonly [string, number]>([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['3530', 16],
    ['62', 16],
    ['2204', 16],
  ]);
  const body = prefix + chance.digits(length - prefix.length - 1);
  const check = [...'0123456789'].find((digit) => isLuhn(body + digit)) ?? '0';
  return writeCard(body + check, chance.pick(['', '', ' ', '-']));
}

/** Lengths and ranges that need a word: Maestro, Diners Club, cards of 13 and 19 digits. */
export function newRareCard(chance: Seeded): string {
  const [prefix, length] = chance.pick<readonly [string, number]>([
    ['5018', 12],
    ['6304', 13],
    ['6759', 19],
    ['30', 14],
    ['36', 14],
    ['4', 13],
    ['4', 19],
    ['62', 19],
    ['180', 15],
    ['2131', 15],
  ]);
  const full = prefix === '30' ? '300' : prefix === '180' ? '1800' : prefix;
  const body = full + chance.digits(length - full.length - 1);
  return body + ([...'0123456789'].find((digit) => isLuhn(body + digit)) ?? '0');
}

export function newIban(chance: Seeded): string {
  const bban = chance.pick([
    () => ['DE', chance.digits(18)],
    () => ['GB', chance.chars(4, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') + chance.digits(14)],
    () => [
      'FR',
      chance.digits(10) + chance.chars(11, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') + chance.digits(2),
    ],
    () => ['NL', chance.chars(4, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') + chance.digits(10)],
    () => ['ES', chance.digits(20)],
    () => ['IT', `X${chance.digits(22)}`],
    () => ['PL', chance.digits(24)],
    () => ['NO', chance.digits(11)],
    () => ['MT', chance.chars(4, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') + chance.digits(23)],
    () => ['CH', chance.digits(17)],
  ] as const)();
  const [country = '', body = ''] = bban;
  const check = String(98 - restOf(`${body}${country}00`, 97)).padStart(2, '0');
  const iban = `${country}${check}${body}`;
  return chance.pick([
    () => iban,
    () => iban.toLowerCase(),
    () => iban.replace(/(.{4})(?=.)/g, '$1 '),
    () => iban.replace(/(.{4})(?=.)/g, '$1-'),
  ])();
}

export function newEmail(chance: Seeded): string {
  const name = chance.pick([
    'anna',
    'j.smith',
    'o_neil',
    'first.last+tag',
    'x1',
    "d'arcy",
    'müller',
    'a-b',
    '1977',
  ]);
  const host = chance.pick(['example', 'mail.corp-x', 'uni.ac', 'sub.domain.deep', 'münchen', '163']);
  return `${name}${chance.below(100)}@${host}.${chance.pick(['com', 'de', 'co.uk', 'museum', 'io', 'xn--p1ai', 'info', 'рф'])}`;
}

export function newIp(chance: Seeded): string {
  const part = (): number => 1 + chance.below(254);
  const group = (): string => chance.hex(4);
  return chance.pick([
    () => `${11 + chance.below(110)}.${part()}.${part()}.${part()}`,
    () => `${128 + chance.below(100)}.${part()}.${part()}.${part()}`,
    () => `192.168.${part()}.${part()}`,
    () => `2001:db8:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`,
    () => `2001:db8::${group()}`,
    () => `fe80::1:${group()}`,
    () => `2A02:${group().toUpperCase()}::1`,
    () => `::ffff:${part()}.${part()}.${part()}.1`,
  ])();
}

export function newSsn(chance: Seeded): string {
  const area = 100 + chance.below(560);
  return `${area}-${String(1 + chance.below(99)).padStart(2, '0')}-${String(1 + chance.below(9999)).padStart(4, '0')}`;
}

function writeCard(digits: string, gap: string): string {
  if (gap === '') return digits;
  const groups = digits.length === 15 ? /^(\d{4})(\d{6})(\d{5})$/ : /^(\d{4})(\d{4})(\d{4})(\d{4})$/;
  return digits.replace(groups, (_all, ...found: string[]) =>
    found.slice(0, digits.length === 15 ? 3 : 4).join(gap),
  );
}
