import { stripVTControlCharacters } from 'node:util';

/** Rows as aligned columns below a line of headings. */
export function writeTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), heading.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[headings, ...rows].map(line).join('\n')}\n`;
}

/** Somebody's free text, of which nothing may move the cursor or begin a new line. */
export function shownText(text: string, charsMax = 40): string {
  return stripVTControlCharacters(text).replace(/\p{C}/gu, ' ').slice(0, charsMax);
}
