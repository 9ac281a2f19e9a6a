import { createHmac, type KeyObject } from 'node:crypto';
import { readCall } from './call-record.ts';
import type { DigestOf } from './contents.ts';
import type { ContentRow, LoadedSegment, SpanRow, TraceIndexRow } from './ports.ts';
import { type ReadFrame, readSegment, type SegmentEnd } from './read-segment.ts';
import type { RecentDigests } from './recent-digests.ts';
import { readRecords } from './record-parts.ts';
import { buildCallRows, type CallRows } from './span-rows.ts';

/** One insert's worth of a segment, and how many rows it has. */
export type SegmentLoad = LoadedSegment & { counts: { calls: number; spans: number; contents: number } };

/** What a segment turned out to be. A poison record could not be opened or makes no sense; the others were loaded. */
export type SegmentSummary = { end: SegmentEnd; poisonRecords: number };

export type SegmentLoadsOptions = {
  /** Of the spool. */
  key: Buffer;
  /** Of the digests (a key object, because bytes cost 25 µs at each use); the same for the life of the installation, or contents are stored again under new names. */
  contentKey: KeyObject;
  recent: RecentDigests;
  /** Of one load, all tables together. */
  loadBytesMax: number;
};

/** A line for one table. `bytes` depends on the record alone, so that a segment is always divided the same way. */
type Line =
  | { table: 'spans' | 'traceIndex'; bytes: number; text: string; isCall: boolean }
  | { table: 'contents'; bytes: number; row: ContentRow; atMs: number };

/**
 * Turns a segment into loads, one at a time: asking for the next says that the last one is stored.
 *
 * A load's token names the segment and the first and last of its lines. Lines are numbered whether or not their content
 * is known to be stored, so the same token always stands for the same lines.
 */
export function* buildSegmentLoads(
  segment: { id: string; bytes: Buffer },
  options: SegmentLoadsOptions,
): Generator<SegmentLoad, SegmentSummary, undefined> {
  let poisonRecords = 0;
  let first = 0;
  let lines: Line[] = [];
  let bytes = 0;
  const frames = readSegment({ ...segment, key: options.key });
  let step = frames.next();
  for (; !step.done; step = frames.next()) {
    const calls = rowsOf(step.value, options.contentKey);
    poisonRecords += calls.filter((rows) => rows === undefined).length;
    for (const line of calls.flatMap((rows) => (rows === undefined ? [] : [...linesOf(rows)]))) {
      if (lines.length > 0 && bytes + line.bytes > options.loadBytesMax) {
        yield* storeLines({ id: segment.id, first, lines }, options.recent);
        first += lines.length;
        lines = [];
        bytes = 0;
      }
      lines.push(line);
      bytes += line.bytes;
    }
  }
  if (lines.length > 0) yield* storeLines({ id: segment.id, first, lines }, options.recent);
  return { end: step.value, poisonRecords };
}

/** Of each call in the frame; undefined in the place of one that makes no sense, or of all when the frame does not. */
function rowsOf({ plain }: ReadFrame, contentKey: KeyObject): (TimedRows | undefined)[] {
  if (plain === undefined) return [undefined];
  try {
    return readRecords(plain).map((parts) => readRows(parts, contentKey));
  } catch {
    return [undefined];
  }
}

function readRows(parts: readonly string[], contentKey: KeyObject): TimedRows | undefined {
  try {
    const call = readCall(parts);
    const rows = buildCallRows(call, createDigestOf(contentKey, call.head.projectId));
    return { ...rows, projectId: call.head.projectId, endedAtMs: call.head.endedAtMs };
  } catch {
    return undefined;
  }
}

type TimedRows = CallRows & { projectId: string; endedAtMs: number };

/** The project is part of what is hashed, so that equal contents of two projects cannot be seen to be equal. */
function createDigestOf(contentKey: KeyObject, projectId: string): DigestOf {
  return (content) =>
    createHmac('sha256', contentKey).update(`${projectId}\0`).update(content).digest('base64url');
}

/** Contents come before the spans that speak of them. */
function* linesOf({ spans, traceIndex, contents, projectId, endedAtMs }: TimedRows): Generator<Line> {
  const storedAt = new Date(endedAtMs).toISOString();
  for (const { digest, content } of contents) {
    // Escaping JSON once more doubles it at most; the line itself is only written when it is needed.
    const bytes = 2 * Buffer.byteLength(content) + projectId.length + 200;
    const row = { project_id: projectId, digest, content, stored_at: storedAt };
    yield { table: 'contents', bytes, row, atMs: endedAtMs };
  }
  for (const span of spans) yield lineOf('spans', span);
  yield lineOf('traceIndex', traceIndex);
}

function lineOf(table: 'spans' | 'traceIndex', row: SpanRow | TraceIndexRow): Line {
  const text = writeLine(row);
  return { table, bytes: Buffer.byteLength(text), text, isCall: 'kind' in row && row.kind === 'call' };
}

function* storeLines(
  load: { id: string; first: number; lines: Line[] },
  recent: RecentDigests,
): Generator<SegmentLoad, void, undefined> {
  const { id, first, lines } = load;
  const counts = { calls: 0, spans: 0, contents: 0 };
  const texts: { [table in Line['table']]: string[] } = { spans: [], traceIndex: [], contents: [] };
  const fresh = new Map<string, { row: ContentRow; atMs: number }>();
  for (const line of lines) {
    if (line.table !== 'contents') {
      texts[line.table].push(line.text);
      if (line.table === 'spans') counts.spans += 1;
      if (line.isCall) counts.calls += 1;
      continue;
    }
    const { row, atMs } = line;
    const name = `${row.project_id}:${row.digest}`;
    if (fresh.has(name) || recent.has(row.project_id, row.digest, atMs)) continue;
    fresh.set(name, { row, atMs });
    texts.contents.push(writeLine(row));
    counts.contents += 1;
  }
  yield {
    token: `${id}.${first}-${first + lines.length - 1}`,
    spans: Buffer.from(texts.spans.join('')),
    contents: Buffer.from(texts.contents.join('')),
    traceIndex: Buffer.from(texts.traceIndex.join('')),
    counts,
  };
  for (const { row, atMs } of fresh.values()) recent.add(row.project_id, row.digest, atMs);
}

/** A row as a line of NDJSON. Half a surrogate pair, which a caller may send, is no text for a column. */
function writeLine(row: SpanRow | TraceIndexRow | ContentRow): string {
  const line = JSON.stringify(row);
  if (!line.includes('\\ud')) return `${line}\n`;
  const repair = (_: string, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value);
  return `${JSON.stringify(row, repair)}\n`;
}
