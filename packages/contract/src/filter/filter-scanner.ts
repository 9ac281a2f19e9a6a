/** What is wrong with a filter, where (characters from 0), and what to write instead. */
export class FilterFault extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = 'FilterFault';
    this.at = at;
  }
}

/** A piece of text as it was written; `isQuoted` where nothing in it is a sign of the language. */
export type Word = { text: string; isQuoted: boolean; at: number };

const VALUE_CHARS_MAX = 400;
const SPACE = /\s/;
const NAME = /[^\s()":=<>~!,]/;
const VALUE = /[^\s()",]/;
const OPERATORS = [':~', '!=', '>=', '<=', ':', '=', '>', '<', '~'] as const;
/** What may follow a word of the language, the end included. */
const KEYWORD_END = /^[\s()]?$/;
type Keyword = 'AND' | 'OR' | 'NOT';
export type Operator = (typeof OPERATORS)[number];

/** Reads a filter sign by sign. Never looks back, so that its time is linear. */
export function createFilterScanner(text: string) {
  let at = 0;
  const readWhile = (pattern: RegExp): string => {
    const start = at;
    while (at < text.length && pattern.test(text.charAt(at))) at += 1;
    return text.slice(start, at);
  };
  const skipSpace = () => void readWhile(SPACE);
  const takeSign = (sign: string): boolean => {
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  /** A word of the language stands alone and in capitals. */
  const isAtKeyword = (keyword: Keyword): boolean =>
    text.startsWith(keyword, at) && KEYWORD_END.test(text.charAt(at + keyword.length));
  const readQuoted = (): Word => {
    const start = at;
    let value = '';
    for (at += 1; at < text.length; at += 1) {
      const letter = text.charAt(at);
      if (letter === '"') {
        at += 1;
        return checked({ text: value, isQuoted: true, at: start });
      }
      if (letter === '\\') at += 1;
      value += text.charAt(at);
    }
    throw new FilterFault(start, 'A quotation mark is not closed; write another " where the text ends.');
  };
  const readWord = (pattern: RegExp): Word => {
    const start = at;
    if (text.charAt(at) === '"') return readQuoted();
    return checked({ text: readWhile(pattern), isQuoted: false, at: start });
  };
  return {
    at: () => at,
    skipSpace,
    takeSign,
    isAtEnd: () => at >= text.length,
    peek: () => text.charAt(at),
    readName: () => readWord(NAME),
    readValue: () => readWord(VALUE),
    takeOperator: (): Operator | undefined => OPERATORS.find((operator) => takeSign(operator)),
    isAtKeyword,
    takeKeyword: (keyword: Keyword): boolean => {
      skipSpace();
      return isAtKeyword(keyword) && takeSign(keyword);
    },
  };
}

export type FilterScanner = ReturnType<typeof createFilterScanner>;

function checked(word: Word): Word {
  if (word.text.length <= VALUE_CHARS_MAX) return word;
  throw new FilterFault(
    word.at,
    `A value has at most ${VALUE_CHARS_MAX} characters; look for a piece of it.`,
  );
}
