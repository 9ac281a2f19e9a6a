/** Where words may begin, and which searches may find one there: one bit each. */
export type WordStart = { at: number; searches: number };

/**
 * The first three characters of all words of `named-words.ts` that are ASCII, for each of its searches: of words that
 * begin only where no other goes before, and of words that may stand within others. `_` is a space; of `cc` any goes on.
 */
const STARTS: readonly { alone: string; within: string }[] = [
  {
    alone: 'cel fax han mob sms tel tfn tlf tlp',
    within: 'cel cep dur fes fij fix gsm hot kom mob mov num pho por puh rec ruf tel vib wha',
  },
  {
    alone:
      'anr ans app ara bel ber cal chi con dia dir dzw err ext hel her his joi lan lig lin lla mar mei mes meu mi_ mij ' +
      'mio mon my_ our ran rea reg ren rin ruf soi swi tex the voi you zad zur',
    within: '',
  },
  { alone: 'ame car cc cre deb din dis jcb kaa kar kor kre mae mas pan tar uni vis', within: '' },
  {
    alone:
      'ass bsn cnp cpf dni fnr id_ idn ins iti nas nat nhs ni_ nie nif nin nis oib pan pnr pps rsa sin soc sof ssn tax tck ' +
      'tfn tin',
    within:
      'aad bur cod con cpr fod hen het ide kim med my_ myn per pes reg rij rod sam sou ste t.c tax teu uid',
  },
];

/** Per three characters, five bits of each: searches of words within others, and four bits higher of those alone. */
const TABLE = readTable();

/**
 * Where words may begin in a text, in order: a look at each character in the place of a search for each word.
 * Undefined when a character is not ASCII: the table says nothing of such words.
 */
export function listWordStarts(text: string): WordStart[] | undefined {
  const starts: WordStart[] = [];
  let key = 0;
  for (let at = 0; at <= text.length; at += 1) {
    // After the end a zero, for a word of two characters there.
    const code = at < text.length ? text.charCodeAt(at) : 0;
    if (code > 127) return undefined;
    key = ((key << 5) | (code & 31)) & 0x7fff;
    const found = TABLE[key] ?? 0;
    if (found === 0) continue;
    const searches = (found & 15) | (isWordBefore(text, at - 2) ? 0 : found >> 4);
    if (searches !== 0 && at >= 2) starts.push({ at: at - 2, searches });
  }
  return starts;
}

/** As a pattern's `\b` sees it in ASCII. */
function isWordBefore(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  const small = code | 32;
  return (small >= 97 && small <= 122) || (code >= 48 && code <= 57) || code === 95;
}

function readTable(): Uint8Array {
  const table = new Uint8Array(32_768);
  for (const [search, { alone, within }] of STARTS.entries()) {
    for (const word of alone.split(' ')) add(table, word, 16 << search);
    for (const word of within.split(' ').filter(Boolean)) add(table, word, 1 << search);
  }
  return table;
}

function add(table: Uint8Array, word: string, bit: number): void {
  const [first, second, third] = Array.from(word, (char) => (char === '_' ? 0 : char.charCodeAt(0) & 31));
  const head = ((first ?? 0) << 10) | ((second ?? 0) << 5);
  const thirds = third === undefined ? Array.from({ length: 32 }, (_, each) => each) : [third];
  for (const last of thirds) table[head | last] = (table[head | last] ?? 0) | bit;
}
