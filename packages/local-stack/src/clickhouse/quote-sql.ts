/** A ClickHouse string literal. Only the backslash and the quote can end or bend it. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** A quoted ClickHouse identifier. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

/** Undoes the backslash escapes that ClickHouse knows in texts and in TSV fields. */
export function readEscapes(text: string): string {
  return text.replace(
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
