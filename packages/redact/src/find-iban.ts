import { restOf } from './checksums.ts';
import { type Hit, isWordAt } from './hit.ts';

const WINDOW_CHARS = 52;
const RUN = /^[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}/i;
/** Characters of an IBAN per country, as the SWIFT registry lists them. */
const LENGTHS =
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30';

/** An IBAN whose check digits begin at `at`, in one piece or in groups, whatever the case of its letters. */
export function findIban(text: string, at: number): Hit | undefined {
  const start = at - 2;
  if (start < 0 || isWordAt(text, start - 1)) return undefined;
  const chars = charsOf(text.slice(start, at).toUpperCase());
  if (chars === undefined || !RUN.test(text.slice(start, start + WINDOW_CHARS))) return undefined;
  const end = endAfter(text, start, chars);
  if (end === undefined || isWordAt(text, end)) return undefined;
  return restOf(text.slice(at + 2, end) + text.slice(start, at + 2), 97) === 1
    ? { type: 'IBAN', start, end }
    : undefined;
}

function charsOf(country: string): number | undefined {
  const at = LENGTHS.indexOf(country);
  return at < 0 || at % 4 !== 0 ? undefined : Number(LENGTHS.slice(at + 2, at + 4));
}

function endAfter(text: string, start: number, chars: number): number | undefined {
  let seen = 0;
  for (let at = start; at < text.length && at < start + WINDOW_CHARS; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 45) continue;
    if (code > 127 || !isWordAt(text, at)) return undefined;
    seen += 1;
    if (seen === chars) return at + 1;
  }
  return undefined;
}
