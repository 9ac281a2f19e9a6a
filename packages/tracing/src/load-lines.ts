import type {
  ContentRow,
  FilledColumns,
  GatewayCallRow,
  GatewayClaimRow,
  LossRow,
  PartRow,
  ReceivedTable,
  ScoreRow,
  SpanRow,
  TouchedRow,
  TraceIndexRow,
} from './ports.ts';
import type { BatchRows, ReceivedRow } from './received-rows.ts';
import type { CallRows } from './span-rows.ts';

export type LineTable = 'spans' | 'traceIndex' | ReceivedTable;

/**
 * A line for one table. `bytes` is what it takes at most, with the token of its load; it depends on the record alone, so that a
 * segment is always divided the same way.
 */
export type Line =
  | { table: LineTable; bytes: number; text: string; isCall: boolean }
  | { table: 'contents'; bytes: number; row: ContentRow; atMs: number };

/** Of one record, and where it belongs. */
export type RecordRows = { projectId: string; atMs: number } & (
  | { kind: 'call'; rows: CallRows }
  | { kind: 'batch'; rows: BatchRows }
);

/** The lines of a record. Contents come before the spans that speak of them. */
export function linesOf(record: RecordRows): Generator<Line, void, undefined> {
  return record.kind === 'call' ? callLines(record, record.rows) : batchLines(record, record.rows);
}

function* callLines(to: RecordRows, { spans, traceIndex, contents }: CallRows) {
  yield* contentLines(to, contents);
  for (const span of spans) yield lineOf('spans', span);
  yield lineOf('traceIndex', traceIndex);
  const [call] = spans;
  if (call !== undefined) yield* gatewayLines(call);
}

/** What the span of whoever called the gateway is known by, should it be received too. */
function* gatewayLines(call: SpanRow): Generator<Line, void, undefined> {
  const { project_id, trace_id, span_id, parent_span_id, request_id, started_at } = call;
  yield touched({ project_id, what: 'call', trace_id, span_id, request_id });
  if (parent_span_id === '') return;
  const row: GatewayCallRow = { project_id, trace_id, parent_span_id, request_id, started_at };
  yield lineOf('gatewayCalls', row);
  yield touched({ project_id, what: 'gateway_trace', trace_id, span_id: '', request_id: '' });
}

function* batchLines(to: RecordRows, { received, traceIndex, scores, losses }: BatchRows) {
  for (const row of traceIndex) {
    yield lineOf('traceIndex', row);
    const { project_id, trace_id } = row;
    yield touched({ project_id, what: 'trace', trace_id, span_id: '', request_id: '' });
  }
  for (const each of received) yield* receivedLines(to, each);
  for (const row of scores) yield lineOf('scores', row);
  for (const row of losses) yield lineOf('losses', row);
}

function* receivedLines(
  to: RecordRows,
  { contents, row, part }: ReceivedRow,
): Generator<Line, void, undefined> {
  yield* contentLines(to, contents);
  if (part !== undefined) {
    yield lineOf('parts', part);
    const { project_id, trace_id, span_id } = part;
    yield touched({ project_id, what: 'part', trace_id, span_id, request_id: '' });
    return;
  }
  yield lineOf('spans', row);
  const { project_id, trace_id, span_id, gateway_request_id: request_id, started_at } = row;
  if (request_id === undefined) return;
  const claim: GatewayClaimRow = { project_id, request_id, trace_id, span_id, started_at };
  yield lineOf('gatewayClaims', claim);
}

function* contentLines(
  { projectId, atMs }: RecordRows,
  contents: CallRows['contents'],
): Generator<Line, void, undefined> {
  const storedAt = new Date(atMs).toISOString();
  for (const { digest, content } of contents) {
    // Escaping JSON once more doubles it at most; the line itself is only written when it is needed.
    const bytes = 2 * Buffer.byteLength(content) + projectId.length + 200;
    const row = { project_id: projectId, digest, content, stored_at: storedAt };
    yield { table: 'contents', bytes, row, atMs };
  }
}

type Row =
  | SpanRow
  | FilledColumns
  | TraceIndexRow
  | ContentRow
  | ScoreRow
  | LossRow
  | PartRow
  | GatewayCallRow
  | GatewayClaimRow
  | TouchedRow;

/** Its token is written when that of the load is known. */
function touched(row: Omit<TouchedRow, 'token'>): Line {
  const text = writeLine(row);
  return { table: 'touched', bytes: Buffer.byteLength(text) + TOKEN_BYTES, text, isCall: false };
}

function lineOf(table: LineTable, row: Row): Line {
  const text = writeLine(row);
  const bytes = Buffer.byteLength(text) + (table === 'traceIndex' ? 2 * TOKEN_BYTES : 0);
  return { table, bytes, text, isCall: 'kind' in row && row.kind === 'call' };
}

/** Room for a token with its name. */
const TOKEN_BYTES = 100;

/** A row as a line of NDJSON. Half a surrogate pair, which a caller may send, is no text for a column. */
export function writeLine(row: object): string {
  const line = JSON.stringify(row);
  if (!line.includes('\\ud')) return `${line}\n`;
  const repair = (_: string, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value);
  return `${JSON.stringify(row, repair)}\n`;
}
