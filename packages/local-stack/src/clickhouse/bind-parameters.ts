import { EngineError } from './engine-error.ts';
import type { SqlPiece } from './scan-sql.ts';

/**
 * Puts the values of `param_<name>` in the place of `{name:Type}`, as ClickHouse does it: each becomes a cast of a
 * quoted text to the declared type. The engine's own binding is not used, because it shares one set of values
 * between all sessions. Values arrive in the TSV escaping of the HTTP interface.
 */
export function bindParameters(pieces: SqlPiece[], parameters: ReadonlyMap<string, string>): string {
  return pieces.map((piece) => (piece.kind === 'parameter' ? bind(piece, parameters) : piece.text)).join('');
}

function bind(
  { name, type }: { name: string; type: string },
  parameters: ReadonlyMap<string, string>,
): string {
  const escaped = parameters.get(name);
  if (escaped === undefined) {
    throw new EngineError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set.`);
  }
  const value = readTsv(escaped);
  if (type === 'Identifier') return quoteName(value ?? '');
  if (value === undefined) return `_CAST(NULL, ${quoteText(type)})`;
  return type === 'String' ? quoteText(value) : `_CAST(${quoteText(value)}, ${quoteText(type)})`;
}

/** Undoes the escaping of a TSV field; `\N` alone is NULL, given as undefined. */
function readTsv(field: string): string | undefined {
  if (field === '\\N') return undefined;
  return field.replace(
    /\\x([0-9a-fA-F]{2})|\\(.)/gs,
    (_all, hex: string | undefined, letter: string | undefined) =>
      hex === undefined
        ? (controls.get(letter ?? '') ?? letter ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const controls = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['r', '\r'],
  ['n', '\n'],
  ['t', '\t'],
  ['0', '\0'],
  ['a', '\x07'],
  ['v', '\v'],
]);

/** A ClickHouse string literal. Only the backslash and the quote can end or bend it. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** A quoted ClickHouse identifier. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
