import { type FilterField, filterAliases, filterFields } from './filter-fields.ts';
import { FilterFault, type FilterScanner, type Operator, type Word } from './filter-scanner.ts';
import type { FilterTree } from './filter-tree.ts';
import { findNearest } from './find-nearest.ts';
import { readFilterValue } from './read-filter-value.ts';

const VALUES_MAX = 50;

/** One term: `field:value`, a comparison, `has:something`, or text to look for. */
export function readFilterTerm(scanner: FilterScanner): FilterTree {
  const name = scanner.readName();
  const operator = name.isQuoted ? undefined : scanner.takeOperator();
  if (operator === undefined) return readText(scanner, name);
  const { field, key } = findField(name);
  const words = readWords(scanner, name);
  const [first] = words;
  if (words.length > 1 && !isList(operator)) {
    throw new FilterFault(name.at, `A list of values goes with ":" alone: ${name.text}:a,b.`);
  }
  const terms = words.map((word) => readFilterValue({ field, key, operator, word }));
  const [only] = terms;
  if (only === undefined || first === undefined) throw new FilterFault(name.at, 'A value is missing.');
  if (terms.length === 1) return only;
  return operator === '!=' ? { kind: 'all', of: terms } : { kind: 'any', of: terms };
}

function isList(operator: Operator): boolean {
  return operator === ':' || operator === '=' || operator === ':~' || operator === '!=';
}

function readText(scanner: FilterScanner, { text, at }: Word): FilterTree {
  if (text !== '') return { kind: 'text', text };
  const sign = scanner.peek();
  throw new FilterFault(
    at,
    sign === ''
      ? 'There is nothing to look for between the quotation marks.'
      : `"${sign}" cannot stand here; put text with signs in quotation marks.`,
  );
}

function readWords(scanner: FilterScanner, name: Word): Word[] {
  const words: Word[] = [];
  do {
    const word = scanner.readValue();
    if (word.text === '' && !word.isQuoted) {
      throw new FilterFault(
        word.at,
        `A value is missing after "${name.text}"; write it without a space, or "" for an empty one.`,
      );
    }
    words.push(word);
    if (words.length > VALUES_MAX) throw new FilterFault(word.at, `A list has at most ${VALUES_MAX} values.`);
  } while (scanner.takeSign(','));
  return words;
}

function findField({ text, at }: Word): { field: FilterField; key: string | undefined } {
  const dot = text.indexOf('.');
  const name = dot === -1 ? text : text.slice(0, dot);
  const key = dot === -1 ? undefined : text.slice(dot + 1);
  const field = isField(name) ? name : Object.hasOwn(filterAliases, name) ? filterAliases[name] : undefined;
  if (field === undefined) {
    const names = Object.keys(filterFields);
    const near = findNearest(name, names);
    const hint = near === undefined ? 'To look for text, put it in quotation marks' : `Is "${near}" meant`;
    throw new FilterFault(at, `There is no field "${name.slice(0, 40)}". ${hint}${near ? '?' : '.'}`);
  }
  const isKeyed = filterFields[field].kind === 'keyed';
  if (isKeyed && (key === undefined || key === '')) {
    throw new FilterFault(at, `"${field}" needs a name after a point: ${field}.plan:pro.`);
  }
  if (!isKeyed && key !== undefined)
    throw new FilterFault(at, `"${field}" has nothing below it; write ${field}:value.`);
  return { field, key };
}

function isField(name: string): name is FilterField {
  return Object.hasOwn(filterFields, name);
}
