import type { Comparison, FilterTree, TextValue } from '@app/contract';
import type { Parameters } from '../open-clickhouse.ts';
import {
  entryNumber,
  entryText,
  flagConditions,
  numberColumns,
  refersTo,
  textColumns,
} from './filter-columns.ts';
import { writtenForms } from './written-forms.ts';

/** A condition on spans, with what is bound to it. */
export type Filter = { sql: string; parameters: Parameters };

/** By text that is looked for: the digests of contents that hold it, joined by commas. */
export type TextDigests = ReadonlyMap<string, string>;

/**
 * A filter as a condition on spans. What a caller wrote is only ever bound: the condition's words depend on the shape of the
 * filter alone. `prefix` keeps the names of parameters apart where several filters meet.
 */
export function compileFilter(tree: FilterTree, digests: TextDigests, prefix = 'f'): Filter {
  const parameters: Record<string, string | number> = {};
  let count = 0;
  const bind: Bind = (type, value) => {
    const name = `${prefix}${count}`;
    count += 1;
    parameters[name] = value;
    return `{${name}:${type}}`;
  };
  return { sql: write(tree, { bind, digests }), parameters };
}

type Bind = (type: 'String' | 'Int64' | 'Float64', value: string | number) => string;
type Context = { bind: Bind; digests: TextDigests };

function write(tree: FilterTree, context: Context): string {
  switch (tree.kind) {
    case 'all':
      return `(${tree.of.map((each) => write(each, context)).join(' AND ')})`;
    case 'any':
      return `(${tree.of.map((each) => write(each, context)).join(' OR ')})`;
    case 'not':
      return `NOT (${write(tree.of, context)})`;
    case 'text':
      return writeText(tree.text, context);
    case 'is':
      return writeIs(tree, context.bind);
    case 'compare':
      return writeCompare(tree, context.bind);
    case 'flag':
      return tree.value ? 'stream' : 'NOT stream';
    case 'has':
      return tree.what === 'score' ? scored('') : flagConditions[tree.what];
  }
}

/** Some hundred digests of 43 characters. */
const indexedCharsMax = 10_000;

/** In what a list shows of a span, in the short texts that it holds itself, or in the contents that it refers to. */
function writeText(text: string, { bind, digests }: Context): string {
  const forms = [text, ...writtenForms(text)].map((form) => `lowerUTF8(${bind('String', form)})`);
  const shown = `multiSearchAny(search_text, [${forms.join(', ')}])`;
  const found = digests.get(text) ?? '';
  if (found === '') return shown;
  return `(${shown} OR ${refersTo(bind('String', found), found.length > indexedCharsMax)})`;
}

function writeIs({ field, key, value }: Extract<FilterTree, { kind: 'is' }>, bind: Bind): string {
  if (field === 'score') {
    const name = bind('String', key ?? '');
    return scored(`AND name = ${name} AND ${matches('text_value', value, bind)}`);
  }
  if (field === 'metadata' || field === 'attribute') {
    const name = bind('String', key ?? '');
    const entries = pathsOf(field, name).map((path) => matches(entryText(path), value, bind));
    return `(${entries.join(' OR ')})`;
  }
  if (field !== 'tag') return matches(textColumns[field], value, bind);
  return value.how === 'same'
    ? `has(tags, ${bind('String', value.text)})`
    : `arrayExists(each -> ${matches('each', value, bind)}, tags)`;
}

function matches(column: string, value: TextValue, bind: Bind): string {
  if (value.how === 'same') return `${column} = ${bind('String', value.text)}`;
  const pattern = bind('String', value.pieces.map(escapeLike).join('%'));
  return value.ignoresCase ? `lowerUTF8(${column}) LIKE lowerUTF8(${pattern})` : `${column} LIKE ${pattern}`;
}

/** `%` and `_` are looked for as they are. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function writeCompare(
  { field, key, comparison, value }: Extract<FilterTree, { kind: 'compare' }>,
  bind: Bind,
): string {
  const sign = signs[comparison];
  if (field === 'score') {
    const name = bind('String', key ?? '');
    return scored(`AND name = ${name} AND value ${sign} ${bind('Float64', value)}`);
  }
  if (field === 'metadata' || field === 'attribute') {
    const name = bind('String', key ?? '');
    const number = bind('Float64', value);
    const entries = pathsOf(field, name).map((path) => `ifNull(${entryNumber(path)} ${sign} ${number}, 0)`);
    return `(${entries.join(' OR ')})`;
  }
  const { sql, type, isNullable } = numberColumns[field];
  const compared = `${sql} ${sign} ${bind(type === 'Int64' ? 'Int64' : 'Float64', value)}`;
  return isNullable ? `(${sql} IS NOT NULL AND ${compared})` : compared;
}

/** What is sent as a sign is one of these, whatever was read. */
const signs: Readonly<Record<Comparison, string>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Where an entry of what was received can stand: among the sender's metadata, or among a span's attributes. */
const places = { metadata: ['metadata'], attribute: ['attributes', 'resource'] } as const;

function pathsOf(field: 'metadata' | 'attribute', name: string): string[] {
  return places[field].map((place) => `'${place}', ${name}`);
}

const scored = (conditions: string) => `trace_id IN (SELECT trace_id FROM scores FINAL
    WHERE project_id = {project_id:String} ${conditions} LIMIT 1000000)`;
