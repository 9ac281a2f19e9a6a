import { EngineError } from './engine-error.ts';
import { quoteName, quoteText, readEscapes } from './quote-sql.ts';
import type { SqlPiece } from './scan-sql.ts';
import { writeComposite } from './write-composite.ts';

/**
 * Puts the values of `param_<name>` in the place of `{name:Type}`, as ClickHouse does it: each becomes a cast of a
 * quoted text to the declared type. The engine's own binding is not used, because it shares one set of values
 * between all sessions. Scalars arrive as TSV fields, arrays, tuples and maps as ClickHouse literals.
 */
export function bindParameters(pieces: SqlPiece[], parameters: ReadonlyMap<string, string>): string {
  return pieces.map((piece) => (piece.kind === 'parameter' ? bind(piece, parameters) : piece.text)).join('');
}

function bind(
  { name, type }: { name: string; type: string },
  parameters: ReadonlyMap<string, string>,
): string {
  const field = parameters.get(name);
  if (field === undefined) {
    throw new EngineError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set.`);
  }
  if (/^(?:Array|Map|Tuple|Nested)\s*\(/.test(type))
    return `_CAST(${writeComposite(field)}, ${quoteText(type)})`;
  if (type === 'Identifier') return quoteName(readEscapes(field));
  if (field === '\\N') return `_CAST(NULL, ${quoteText(type)})`;
  const text = quoteText(readEscapes(field));
  return type === 'String' ? text : `_CAST(${text}, ${quoteText(type)})`;
}
