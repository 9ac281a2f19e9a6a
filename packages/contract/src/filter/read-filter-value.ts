import { type FilterField, type FilterFlag, filterFields, filterFlags } from './filter-fields.ts';
import { FilterFault, type Operator, type Word } from './filter-scanner.ts';
import type { Comparison, FilterTree, TextValue } from './filter-tree.ts';
import { findNearest } from './find-nearest.ts';
import { type NumberUnit, readFilterNumber } from './read-filter-number.ts';

export type Assertion = { field: FilterField; key: string | undefined; operator: Operator; word: Word };

/** What a term says, by the kind of its field. */
export function readFilterValue(assertion: Assertion): FilterTree {
  const { field, word } = assertion;
  switch (filterFields[field].kind) {
    case 'text':
      return readText(assertion);
    case 'keyed':
      return readKeyed(assertion);
    case 'status':
      return readStatus(assertion);
    case 'flag':
      return readFlag(assertion);
    case 'has':
      return { kind: 'has', what: readFlagName(assertion) };
    case 'money':
      return readNumber(assertion, 'money');
    case 'duration':
      return readNumber(assertion, 'duration');
    case 'tokens':
      return readNumber(assertion, 'count');
    default:
      throw new FilterFault(word.at, 'This field cannot be asked for.');
  }
}

const COMPARISONS: { readonly [operator in Operator]?: Comparison } = {
  ':': '=',
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function readText({ field, key, operator, word }: Assertion): FilterTree {
  const kind = filterFields[field];
  if (kind.kind !== 'text' && kind.kind !== 'keyed') throw new FilterFault(word.at, 'This is no text.');
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
    throw new FilterFault(
      word.at,
      `"${field}" is text and cannot be compared with "${operator}"; write ${field}:value.`,
    );
  }
  const known: readonly string[] | undefined = 'values' in kind ? kind.values : undefined;
  const value = textValue(operator, word);
  if (known !== undefined && value.how === 'same' && !known.includes(value.text)) {
    throw new FilterFault(word.at, `"${field}" is one of ${known.join(', ')}.`);
  }
  const is: FilterTree = {
    kind: 'is',
    field: field as Extract<FilterTree, { kind: 'is' }>['field'],
    ...(key !== undefined && { key }),
    value,
  };
  return operator === '!=' ? { kind: 'not', of: is } : is;
}

/** `~` looks for a piece, or with `*` for a pattern, in letters of either case; `:` takes `*` as one outside of quotation marks. */
function textValue(operator: Operator, { text, isQuoted, at }: Word): TextValue {
  if (operator === '~' || operator === ':~') {
    if (text === '') throw new FilterFault(at, 'There is nothing to look for after "~".');
    const pieces = text.includes('*') ? text.split(/\*+/) : ['', text, ''];
    return { how: 'like', pieces, ignoresCase: true };
  }
  if (!isQuoted && text.includes('*')) return { how: 'like', pieces: text.split(/\*+/), ignoresCase: false };
  return { how: 'same', text };
}

/** A number where it is compared like one, text everywhere else. */
function readKeyed(assertion: Assertion): FilterTree {
  const { field, key, operator, word } = assertion;
  const isNumber = !word.isQuoted && /^-?\d[\d.]*$/.test(word.text);
  const isCompared = '<>'.includes(operator.charAt(0));
  if (isCompared || (isNumber && operator !== '~' && operator !== ':~'))
    return readNumber(assertion, 'number');
  if (field === 'score' && key === undefined) throw new FilterFault(word.at, 'Which score is meant?');
  return readText(assertion);
}

const OUTCOMES: { readonly [word: string]: string } = { ok: 'ok', error: 'failed', cancelled: 'cancelled' };

function readStatus(assertion: Assertion): FilterTree {
  const { operator, word } = assertion;
  const outcome = Object.hasOwn(OUTCOMES, word.text) ? OUTCOMES[word.text] : undefined;
  if (outcome !== undefined && (operator === ':' || operator === '=' || operator === '!=')) {
    const is: FilterTree = { kind: 'is', field: 'outcome', value: { how: 'same', text: outcome } };
    return operator === '!=' ? { kind: 'not', of: is } : is;
  }
  const hundred = /^([1-5])xx$/.exec(word.text)?.[1];
  if (hundred !== undefined && operator === ':') {
    const from = Number(hundred) * 100;
    return between(assertion, [from, from + 99]);
  }
  if (!/^\d{1,3}(\.\.\d{0,3})?$|^\.\.\d{1,3}$/.test(word.text)) {
    throw new FilterFault(
      word.at,
      '"status" is ok, error, cancelled, or an HTTP status such as 429, 4xx or 500..599.',
    );
  }
  return readNumber(assertion, 'number');
}

function readFlag({ operator, word }: Assertion): FilterTree {
  const isTold = operator === ':' || operator === '=' || operator === '!=';
  if (!isTold || (word.text !== 'true' && word.text !== 'false')) {
    throw new FilterFault(word.at, '"stream" is true or false: stream:true.');
  }
  return { kind: 'flag', field: 'stream', value: (word.text === 'true') !== (operator === '!=') };
}

function readFlagName({ operator, word }: Assertion): FilterFlag {
  const names = Object.keys(filterFlags);
  const found = names.find((name): name is FilterFlag => name === word.text);
  if (found !== undefined && (operator === ':' || operator === '=')) return found;
  const near = findNearest(word.text, names);
  const hint = near === undefined ? `It is one of ${names.join(', ')}.` : `Is has:${near} meant?`;
  throw new FilterFault(word.at, `"has" knows no "${word.text.slice(0, 40)}". ${hint}`);
}

/** A number to compare with, or with `:` a range whose ends belong to it. */
function readNumber(assertion: Assertion, unit: NumberUnit): FilterTree {
  const { operator, word, field } = assertion;
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) {
    throw new FilterFault(word.at, `"${field}" is a number; compare it: ${field}>1, or ${field}:1..2.`);
  }
  const range = /^(.*?)\.\.(.*)$/.exec(word.text);
  if (range === null || word.isQuoted) return compare(assertion, comparison, readFilterNumber(word, unit));
  if (operator !== ':' && operator !== '=') {
    throw new FilterFault(word.at, `A range goes with ":" alone: ${field}:${word.text.slice(0, 40)}.`);
  }
  const [, from = '', to = ''] = range;
  if (from === '' && to === '') throw new FilterFault(word.at, 'A range needs at least one end: 1.. or ..2.');
  const end = (text: string) => (text === '' ? undefined : readFilterNumber({ ...word, text }, unit));
  return between(assertion, [end(from), end(to)]);
}

function between(
  assertion: Assertion,
  [from, to]: readonly [number | undefined, number | undefined],
): FilterTree {
  const ends: FilterTree[] = [];
  if (from !== undefined) ends.push(compare(assertion, '>=', from));
  if (to !== undefined) ends.push(compare(assertion, '<=', to));
  const [only] = ends;
  return ends.length === 1 && only !== undefined ? only : { kind: 'all', of: ends };
}

function compare({ field, key }: Assertion, comparison: Comparison, value: number): FilterTree {
  return {
    kind: 'compare',
    field: field as Extract<FilterTree, { kind: 'compare' }>['field'],
    ...(key !== undefined && { key }),
    comparison,
    value,
  };
}
