const SKIPPED = /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)/;
const LITERAL = /^\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([a-z]*)/;
/** After these a slash begins a pattern; after a name, a number or a bracket that closes it divides. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};>]|\breturn)\s*$/;

/** The literal patterns of a source in TypeScript. Patterns inside templates are not looked for: there are none. */
export function listPatterns(source: string): RegExp[] {
  const patterns: RegExp[] = [];
  let before = '';
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    const skipped = SKIPPED.exec(rest)?.[0];
    const literal = skipped === undefined && BEFORE_PATTERN.test(before) ? LITERAL.exec(rest) : null;
    if (literal !== null) patterns.push(new RegExp(literal[1] ?? '', literal[2]));
    // A comment is no part of an expression; a string is the end of an operand.
    before =
      skipped === undefined
        ? before.slice(-40) + source.charAt(at)
        : before + (rest.startsWith('/') ? '' : 'x');
    if (literal !== null) before += 'x';
    at += literal?.[0].length ?? skipped?.length ?? 1;
  }
  return patterns;
}
