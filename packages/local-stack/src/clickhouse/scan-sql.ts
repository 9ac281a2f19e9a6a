export type SqlPiece =
  | { kind: 'code' | 'quoted' | 'comment'; text: string }
  | { kind: 'parameter'; text: string; name: string; type: string }
  | { kind: 'semicolon'; text: string };

const placeholder = /\{\s*([A-Za-z_]\w*)\s*:\s*/y;
const lineComment = /(?:--|#[ !])[^\n]*/y;
const heredoc = /\$(\w*)\$/y;

/**
 * Splits SQL as ClickHouse's lexer does: quoted texts and names, comments, `{name:Type}` placeholders, semicolons,
 * and everything else. Joining the texts gives the input again. Unclosed quotes run to the end.
 */
export function scanSql(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let codeFrom = 0;
  let at = 0;
  while (at < sql.length) {
    const piece = readPiece(sql, at);
    if (piece === undefined) {
      at += 1;
      continue;
    }
    if (codeFrom < at) pieces.push({ kind: 'code', text: sql.slice(codeFrom, at) });
    pieces.push(piece);
    at += piece.text.length;
    codeFrom = at;
  }
  if (codeFrom < sql.length) pieces.push({ kind: 'code', text: sql.slice(codeFrom) });
  return pieces;
}

function readPiece(sql: string, at: number): SqlPiece | undefined {
  switch (sql[at]) {
    case "'":
    case '"':
    case '`':
      return { kind: 'quoted', text: sql.slice(at, endOfQuoted(sql, at)) };
    case '-':
    case '#':
      return readLineComment(sql, at);
    case '/':
      return sql.startsWith('/*', at)
        ? { kind: 'comment', text: sql.slice(at, endAfter(sql, '*/', at + 2)) }
        : undefined;
    case '$':
      return readHeredoc(sql, at);
    case '{':
      return readPlaceholder(sql, at);
    case ';':
      return { kind: 'semicolon', text: ';' };
    default:
      return undefined;
  }
}

function endOfQuoted(sql: string, from: number): number {
  const quote = sql[from];
  for (let at = from + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return sql.length;
}

function endAfter(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length;
}

function readLineComment(sql: string, at: number): SqlPiece | undefined {
  lineComment.lastIndex = at;
  const match = lineComment.exec(sql);
  return match ? { kind: 'comment', text: match[0] } : undefined;
}

function readHeredoc(sql: string, at: number): SqlPiece | undefined {
  heredoc.lastIndex = at;
  const open = heredoc.exec(sql);
  // Inside a name a dollar sign is an ordinary letter.
  if (!open || /\w/.test(sql[at - 1] ?? '')) return undefined;
  const close = sql.indexOf(open[0], at + open[0].length);
  return close < 0 ? undefined : { kind: 'quoted', text: sql.slice(at, close + open[0].length) };
}

function readPlaceholder(sql: string, at: number): SqlPiece | undefined {
  placeholder.lastIndex = at;
  const open = placeholder.exec(sql);
  if (!open?.[1]) return undefined;
  const typeFrom = at + open[0].length;
  for (let end = typeFrom; end < sql.length; end += 1) {
    if (sql[end] === "'") end = endOfQuoted(sql, end) - 1;
    else if (sql[end] === '}') {
      const type = sql.slice(typeFrom, end).trim();
      if (type === '') return undefined;
      return { kind: 'parameter', text: sql.slice(at, end + 1), name: open[1], type };
    }
  }
  return undefined;
}
