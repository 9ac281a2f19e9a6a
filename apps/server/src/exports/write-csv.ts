import type { TraceSummary } from '@app/contract';
import { type ExportColumn, exportColumns } from './export-columns.ts';

/** The first line of a file: the names of its columns. */
export const csvHead: string = `${exportColumns.map(({ name }) => name).join(',')}\r\n`;

/** Lines of a CSV file (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe. */
export function writeCsv(lines: readonly TraceSummary[]): string {
  return lines.map((line) => `${exportColumns.map((column) => cellOf(column, line)).join(',')}\r\n`).join('');
}

function cellOf(column: ExportColumn, line: TraceSummary): string {
  switch (column.kind) {
    case 'time':
      return line.started_at;
    case 'money':
      return line.cost.usd;
    case 'text':
      return quote(column.read(line) ?? '');
    default:
      return String(column.read(line) ?? '');
  }
}

/** Also behind what some programs leave out before they look, and in the wide letters of East Asia. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

function quote(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
