import { bindParameters } from './bind-parameters.ts';
import { queryLimits } from './engine-config.ts';
import { EngineError } from './engine-error.ts';
import { quoteName, quoteText } from './quote-sql.ts';
import type { BridgeRequest } from './read-request.ts';
import { type SqlPiece, scanSql } from './scan-sql.ts';
import { type RawFormat, rawFormats, type SessionJob } from './session-job.ts';

export interface InsertTarget {
  table: string;
  columns: string[] | undefined;
  format: RawFormat;
  /** Settings written in the statement itself. */
  settings: Record<string, string>;
}

/** Turns a statement into a job for a session; undefined for SET and USE, which end with their request. */
export function planQuery(sql: string, request: BridgeRequest, mark: string): SessionJob | undefined {
  const pieces = readOneStatement(sql);
  const keyword = readKeyword(pieces);
  if (keyword === 'SET' || keyword === 'USE') return undefined;
  const text = bindParameters(pieces, request.parameters);
  const { before, after } = planDatabase(request);
  const settings = { ...request.settings, log_comment: mark };
  if (streamed.has(keyword)) {
    return {
      kind: 'stream',
      sql: `${text}\nSETTINGS ${writeSettings(settings)}`,
      format: request.defaultFormat,
      before,
      after,
    };
  }
  // Other statements have no common place for settings, so the session is set up and put back around them.
  return {
    kind: 'whole',
    sql: text,
    format: request.defaultFormat,
    before: [...before, `SET ${writeSettings(settings)}`],
    after: [...after, `SET ${writeSettings(settings, settingDefault)}`],
  };
}

/** A job that inserts one piece of a body. Pieces after the first get a deduplication token of their own. */
export function planInsert(
  target: InsertTarget,
  {
    request,
    mark,
    values,
    piece,
  }: { request: BridgeRequest; mark: string; values: Uint8Array<ArrayBuffer>; piece: number },
): SessionJob {
  const settings: Record<string, string> = { ...request.settings, ...target.settings, log_comment: mark };
  const token = settings.insert_deduplication_token;
  // The engine would take a second piece with the same token for a repeat of the first, and drop it.
  if (token && piece > 0) settings.insert_deduplication_token = `${token}:${piece}`;
  const { table, columns, format } = target;
  return { kind: 'insert', table, columns, format, settings, values, ...planDatabase(request) };
}

/** Reads `INSERT INTO table (columns) SETTINGS … FORMAT X`, the form in which rows follow in the body. */
export function readInsertTarget(sql: string, request: BridgeRequest): InsertTarget {
  const text = bindParameters(readOneStatement(sql), request.parameters);
  const match = insertStatement.exec(text.trim());
  if (!match?.[1]) {
    throw new EngineError(
      62,
      'SYNTAX_ERROR',
      'A statement whose rows are in the body must be INSERT INTO table (columns) FORMAT name.',
    );
  }
  const format = rawFormats.find((name) => name.toLowerCase() === (match[4] ?? '').toLowerCase());
  if (format === undefined) {
    throw new EngineError(
      73,
      'UNKNOWN_FORMAT',
      `Rows can be inserted as ${rawFormats.join(', ')} here, not as ${match[4] ?? ''}.`,
    );
  }
  const columns = match[2]?.split(',').map((column) => unquote(column.trim()));
  return {
    table: unquote(match[1]),
    columns: columns?.length ? columns : undefined,
    format,
    settings: readSettings(match[3]),
  };
}

const name = '(?:`[\\w.]+`|"[\\w.]+"|\\w+)';
const insertStatement = new RegExp(
  `^INSERT\\s+INTO\\s+(?:TABLE\\s+)?(${name}(?:\\.${name})?)\\s*(?:\\(([^()]*)\\)\\s*)?(?:SETTINGS\\s+(.*?)\\s+)?FORMAT\\s+(\\w+)$`,
  'is',
);

const unquote = (quoted: string): string => quoted.replace(/[`"]/g, '');

function readSettings(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  const settings: Record<string, string> = {};
  for (const item of text.split(',')) {
    const match = /^\s*(\w+)\s*=\s*(?:'([^'\\]*)'|([\w.+-]+))\s*$/.exec(item);
    if (!match?.[1])
      throw new EngineError(62, 'SYNTAX_ERROR', 'The SETTINGS of the statement cannot be read.');
    settings[match[1]] = match[2] ?? match[3] ?? '';
  }
  return settings;
}

/** One statement without its closing semicolon. The HTTP interface takes no second one. */
function readOneStatement(sql: string): SqlPiece[] {
  const pieces = scanSql(sql);
  const end = pieces.findIndex((piece) => piece.kind === 'semicolon');
  if (end < 0) return checkOutput(pieces);
  const rest = pieces.slice(end + 1);
  // The client writes its FORMAT after the statement, also after a semicolon it did not see.
  if (!rest.some((piece) => piece.kind !== 'comment' && piece.text.trim() !== ''))
    return checkOutput(pieces.slice(0, end));
  throw new EngineError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed.');
}

function checkOutput(pieces: SqlPiece[]): SqlPiece[] {
  if (pieces.some((piece) => piece.kind === 'code' && /\bINTO\s+OUTFILE\b/i.test(piece.text))) {
    throw new EngineError(48, 'NOT_IMPLEMENTED', 'INTO OUTFILE is not supported here.');
  }
  return pieces;
}

function readKeyword(pieces: SqlPiece[]): string {
  const code = pieces.find((piece) => piece.kind !== 'comment' && piece.text.trim() !== '');
  const keyword = /^[\s(]*([A-Za-z]+)/.exec(code?.text ?? '')?.[1];
  if (keyword === undefined) throw new EngineError(62, 'SYNTAX_ERROR', 'Empty query.');
  return keyword.toUpperCase();
}

function planDatabase({ database }: BridgeRequest): { before: string[]; after: string[] } {
  if (database === undefined || database === 'default') return { before: [], after: [] };
  return { before: [`USE ${quoteName(database)}`], after: ['USE default'] };
}

const streamed = new Set(['SELECT', 'WITH', 'FROM']);

function writeSettings(
  settings: Record<string, string>,
  toValue: (name: string, value: string) => string = (_name, value) => quoteText(value),
): string {
  return Object.entries(settings)
    .map(([setting, value]) => `${setting} = ${toValue(setting, value)}`)
    .join(', ');
}

/** The engine's DEFAULT knows nothing of our limits, so those are named. */
function settingDefault(setting: string): string {
  if (setting === 'max_execution_time') return String(queryLimits.executionSecondsDefault);
  if (setting === 'max_memory_usage') return String(queryLimits.memoryBytesDefault);
  return 'DEFAULT';
}
