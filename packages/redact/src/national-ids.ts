import { isLuhn, isMod1110, isVerhoeff, restOf, weigh } from './checksums.ts';

type Form = { form: RegExp; check: (compact: string) => boolean };

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const HETU_CHARS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const CF_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Numbers whose form is rare and whose checksum is strong: they need no word beside them. */
export const markedIds: readonly Form[] = [
  // Brazil: CPF and CNPJ as they are written.
  { form: /^\d{3}\.\d{3}\.\d{3}-\d{2}/, check: isCpf },
  { form: /^\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}/, check: isCnpj },
  // Spain: DNI and NIE.
  { form: /^(?:[XYZ][ -]?\d{7}|\d{8})[ -]?[A-HJ-NP-TV-Z]/, check: isDni },
  // Italy: codice fiscale.
  { form: /^[A-Za-z]{6}\d\d[abcdehlmprstABCDEHLMPRST]\d\d[A-Za-z]\d{3}[A-Za-z]/, check: isCodiceFiscale },
  // France: NIR of social security.
  {
    form: /^[1278] ?\d\d ?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d/,
    check: isNir,
  },
  // Belgium: national register number as it is written.
  { form: /^\d\d\.\d\d\.\d\d-\d{3}\.\d\d/, check: isBelgian },
  // Switzerland: AHV number.
  {
    form: /^756\.?\d{4}\.?\d{4}\.?\d\d/,
    check: (id) => weigh(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  // Finland: henkilötunnus whose check is a letter.
  { form: /^[0-3]\d[01]\d\d\d[-+A-FU-Y]\d{3}[A-FHJ-NPR-Y]/, check: isHetu },
  // China: resident identity card.
  { form: /^[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]/, check: isChinese },
  // Korea: resident registration number.
  { form: /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}/, check: isKorean },
  // Mexico: CURP.
  {
    form: /^[A-Z][AEIOUX][A-Z]{2}\d\d(?:0[1-9]|1[0-2])[0-3]\d[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[\dA-Z]\d/,
    check: () => true,
  },
  // Argentina: CUIT and CUIL; Chile: RUT; as they are written.
  {
    form: /^(?:2[03-7]|3[034])-\d{8}-\d/,
    check: (id) => weigh(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  { form: /^\d{1,2}\.\d{3}\.\d{3}-[\dKk]/, check: isRut },
  // Singapore: NRIC and FIN. Hong Kong: identity card.
  { form: /^[STFGM]\d{7}[A-Z]/, check: isNric },
  { form: /^[A-Z]{1,2}\d{6}\([0-9A]\)/, check: isHongKong },
  // Thailand, as it is written.
  {
    form: /^\d-\d{4}-\d{5}-\d\d-\d/,
    check: (id) => (11 - (weigh(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(id),
  },
];

/** Numbers that one in ten or a hundred others could be: a word must name them. The first row is the SSN. */
export const namedIds: readonly (Form & { words: RegExp })[] = [
  {
    words: /\b(?:ssn|social security|itin|tax ?payer)\b/i,
    form: /^(?!000|666)\d{3}[ .]?(?!00)\d{2}[ .]?(?!0000)\d{4}/,
    check: () => true,
  },
  { words: /\bnhs\b/i, form: /^\d{3}[ -]?\d{3}[ -]?\d{4}/, check: isNhs },
  {
    words: /\b(?:nino|national insurance|ni (?:no|number))\b/i,
    form: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]/i,
    check: () => true,
  },
  {
    words: /\b(?:sin|nas|social insurance|assurance sociale)\b/i,
    form: /^\d{3}[ -]?\d{3}[ -]?\d{3}/,
    check: isLuhn,
  },
  { words: /\bcpf\b/i, form: /^\d{11}/, check: isCpf },
  { words: /\bcnpj\b/i, form: /^\d{14}/, check: isCnpj },
  {
    words: /\b(?:dni|nif|nie)\b/i,
    form: /^(?:[XYZ][ -]?\d{7}|\d{8}|\d\d?\.\d{3}\.\d{3})[ -]?[A-Z]/i,
    check: isDni,
  },
  { words: /steuer|\b(?:idnr|tin|tax id)\b/i, form: /^[1-9]\d ?\d{3} ?\d{3} ?\d{3}/, check: isMod1110 },
  {
    words: /\b(?:bsn|sofi)|burgerservice/i,
    form: /^\d{4}[. ]?\d{2}[. ]?\d{3}/,
    check: (id) => weigh(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  },
  { words: /rijksregister|registre national|\b(?:insz|niss)\b/i, form: /^\d{11}/, check: isBelgian },
  {
    words: /pesel/i,
    form: /^\d{11}/,
    check: (id) => weigh(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  },
  {
    words: /person(?:nummer|al (?:identity )?number)|samordning|\bpnr\b/i,
    form: /^(?:19|20)?\d{6}[-+]?\d{4}/,
    check: (id) => isLuhn(id.slice(-10)),
  },
  { words: /henkil\u00f6tunnus|hetu/i, form: /^\d{6}[-+A]\d{3}[\dA-Y]/i, check: isHetu },
  {
    words: /f\u00f8dselsnummer|fodselsnummer|personnummer|\bfnr\b/i,
    form: /^\d{6} ?\d{5}/,
    check: isNorwegian,
  },
  { words: /cpr|personnummer/i, form: /^[0-3]\d[01]\d{3}-?\d{4}/, check: () => true },
  {
    words: /aadha?ar|uidai|\u0906\u0927\u093e\u0930/i,
    form: /^[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}/,
    check: isVerhoeff,
  },
  { words: /\bpan\b|permanent account/i, form: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]/i, check: () => true },
  {
    words: /\btfn\b|tax file/i,
    form: /^\d{3}[ -]?\d{3}[ -]?\d{3}/,
    check: (id) => weigh(id, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  },
  {
    words: /medicare/i,
    form: /^[2-6]\d{3}[ -]?\d{5}[ -]?\d/,
    check: (id) => weigh(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(id[8]),
  },
  { words: /kimlik|\btckn?\b|t\.c\./i, form: /^[1-9]\d{10}/, check: isTurkish },
  {
    words: /identity (?:no|number)|\bid (?:no|number)|south african id|\brsa id/i,
    form: /^\d\d(?:0[1-9]|1[0-2])[0-3]\d ?\d{4} ?[01]\d\d/,
    check: isLuhn,
  },
  {
    words: /my ?number|\u30de\u30a4\u30ca\u30f3\u30d0\u30fc|\u500b\u4eba\u756a\u53f7/i,
    form: /^\d{4}[ -]?\d{4}[ -]?\d{4}/,
    check: isMyNumber,
  },
  {
    words: /\bnif\b|contribuinte/i,
    form: /^[1-9]\d{2} ?\d{3} ?\d{3}/,
    check: (id) => ((11 - (weigh(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === last(id),
  },
  { words: /\bppsn?\b/i, form: /^\d{7}[A-W][A-IW]?/i, check: isPps },
  {
    words: /\bcnp\b|cod numeric/i,
    form: /^[1-9]\d{12}/,
    check: (id) => (weigh(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) % 10 === last(id),
  },
  { words: /rodn|\br\u010d\b/i, form: /^\d{6}\/?\d{4}/, check: (id) => Number(id) % 11 === 0 },
  { words: /\boib\b/i, form: /^\d{11}/, check: isMod1110 },
  { words: /teudat|\u05ea\u05e2\u05d5\u05d3\u05ea/i, form: /^\d{9}/, check: isLuhn },
];

function last(id: string): number {
  return Number(id.at(-1));
}

function isCpf(id: string): boolean {
  if (/^(\d)\1{10}$/.test(id)) return false;
  const first = ((weigh(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return (
    first === Number(id[9]) && ((weigh(id, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10 === last(id)
  );
}

function isCnpj(id: string): boolean {
  const rest = (weights: number[]): number => {
    const sum = weigh(id, weights) % 11;
    return sum < 2 ? 0 : 11 - sum;
  };
  const isFirst = rest([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(id[12]);
  return isFirst && rest([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === last(id);
}

function isDni(id: string): boolean {
  const digits = id.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return DNI_LETTERS.charAt(Number(digits) % 23) === id.at(-1);
}

function isCodiceFiscale(id: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const code = id.charCodeAt(at);
    const value = code <= 57 ? code - 48 : code - 65;
    sum += at % 2 === 0 ? (CF_ODD[value] ?? 0) : value;
  }
  return sum % 26 === id.charCodeAt(15) - 65;
}

function isNir(id: string): boolean {
  const body = id.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - restOf(body, 97) === Number(id.slice(13));
}

function isBelgian(id: string): boolean {
  const check = Number(id.slice(9));
  return [id.slice(0, 9), `2${id.slice(0, 9)}`].some((body) => 97 - restOf(body, 97) === check);
}

function isHetu(id: string): boolean {
  const digits = id.replace(/^(\d{6})[A-FU-Y]/, '$1');
  return HETU_CHARS.charAt(Number(digits.slice(0, 9)) % 31) === digits.charAt(9);
}

function isChinese(id: string): boolean {
  return (
    '10X98765432'.charAt(weigh(id, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === id.at(-1)
  );
}

function isKorean(id: string): boolean {
  return (11 - (weigh(id, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === last(id);
}

function isRut(id: string): boolean {
  const body = id.slice(0, -1).padStart(8, '0');
  return '0K987654321'.charAt(weigh(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11) === id.at(-1);
}

function isNric(id: string): boolean {
  const series = id.charAt(0);
  const sum =
    weigh(id.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + ('TG'.includes(series) ? 4 : series === 'M' ? 3 : 0);
  const letters = 'ST'.includes(series) ? 'JZIHGFEDCBA' : series === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
  return letters.charAt(sum % 11) === id.at(-1);
}

function isHongKong(id: string): boolean {
  const padded = id.padStart(9, ' ');
  let sum = 0;
  for (let at = 0; at < 9; at += 1) {
    const code = padded.charCodeAt(at);
    sum += (9 - at) * (code === 32 ? 36 : code <= 57 ? code - 48 : code - 55);
  }
  return sum % 11 === 0;
}

function isNhs(id: string): boolean {
  return (11 - (weigh(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === last(id);
}

function isNorwegian(id: string): boolean {
  const isFirst = weigh(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0;
  return isFirst && weigh(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

function isTurkish(id: string): boolean {
  const tenth = weigh(id, [7, -1, 7, -1, 7, -1, 7, -1, 7]);
  const sum = weigh(id, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  return ((tenth % 10) + 10) % 10 === Number(id[9]) && sum % 10 === last(id);
}

function isMyNumber(id: string): boolean {
  const rest = weigh(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === last(id);
}

function isPps(id: string): boolean {
  const second = id.length > 8 ? (id.charCodeAt(8) - 64) * 9 : 0;
  return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt((weigh(id, [8, 7, 6, 5, 4, 3, 2]) + second) % 23) === id.charAt(7);
}
