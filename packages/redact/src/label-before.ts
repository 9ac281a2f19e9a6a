import { isLetterCode } from './hit.ts';

/** The word that stands right before a value, in small letters, where it begins, and the signs after it. */
export type Label = { last: string; at: number; signs: string };

const WORD_CHARS_MAX = 20;
const SIGNS_MAX = 5;
const SIGNS = ' \t\n:=#"\'`(["-*.';
/** Words that say only that a number follows: the one before them says which. */
const ONLY_NUMBER = new Set([
  'no',
  'nr',
  'num',
  'number',
  'numbers',
  'nummer',
  'numero',
  'número',
  'code',
  'n',
]);
const ID = new Set(['id', 'ids', 'key', 'ref']);

export function labelBefore(text: string, at: number): Label {
  const end = skipSigns(text, at);
  const last = wordBefore(text, end);
  const label = { last, at: end - last.length, signs: text.slice(end, at) };
  if (!ONLY_NUMBER.has(last) && !ID.has(last)) return label;
  const joint = skipJoint(text, label.at);
  const previous = wordBefore(text, joint);
  if (previous === '' || (ID.has(last) && !OTHER.has(previous))) return label;
  return { ...label, last: previous, at: joint - previous.length };
}

/** What stands before numbers that are neither telephones nor cards nor persons. */
export const OTHER: ReadonlySet<string> = new Set(
  (
    'order orders invoice ticket reference ref tracking version build release port ports serial sku isbn issn ean upc imei ' +
    'gtin doi pmid epoch timestamp timestamps ts dob account acct zip postcode plz suite page pages pp row column col seed ' +
    'bytes usd eur gbp commit hash sha uuid guid trace span session request req job batch lot policy license licence ' +
    'passport claim flight score lat latitude lon lng longitude offset index pid id ids bestellung bestellnummer rechnung ' +
    'rechnungsnummer auftrag auftragsnummer kundennummer vorgangsnummer aktenzeichen commande facture dossier pedido ' +
    'factura fattura ordine encomenda fatura bestelling factuur bestelnummer factuurnummer zamówienie faktura asset ' +
    'shipment parcel vat ust tva iva gst ein siret siren npi abn acn hrb steuernummer sendung'
  ).split(' '),
);

/** The same of words that are also other words: they need a colon or an equals sign. */
export const OTHER_WITH_SIGN: ReadonlySet<string> = new Set(
  (
    'case time date born since box room apt line step size count total amount price cost run model part item member ' +
    'customer employee student user patient max min error code status package device issue pull article postal value sum ' +
    'limit tokens'
  ).split(' '),
);

function skipSigns(text: string, at: number): number {
  let end = at;
  while (end > 0 && at - end < SIGNS_MAX && SIGNS.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

function skipJoint(text: string, at: number): number {
  let end = at;
  while (end > 0 && at - end < 2 && ' _-.'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

function wordBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < WORD_CHARS_MAX && isLetterCode(text.charCodeAt(start - 1))) start -= 1;
  const word = text.slice(start, end);
  // Of `buildNumber` the last word counts; `ORDER` is one word.
  const hump = /[a-z][A-Z][a-z]{1,20}$/.exec(word);
  return (hump === null ? word : word.slice(hump.index + 1)).toLowerCase();
}
