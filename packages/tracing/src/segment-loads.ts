import { createHmac, type KeyObject } from 'node:crypto';
import { readBatchHead } from './batch-record.ts';
import { readCall } from './call-record.ts';
import type { DigestOf } from './contents.ts';
import type { ProjectRedactors } from './create-project-redactors.ts';
import { type Line, type LineTable, linesOf, type RecordRows, writeLine } from './load-lines.ts';
import { divideMemory, type LoadMemory } from './load-memory.ts';
import { type ContentRow, type LoadedSegment, RECEIVED_TABLES } from './ports.ts';
import type { PriceOf } from './price-of.ts';
import { type ReadFrame, readSegment, type SegmentEnd } from './read-segment.ts';
import { readBatch } from './received/read-batch.ts';
import { buildBatchRows } from './received-rows.ts';
import type { RecentDigests } from './recent-digests.ts';
import { readRecordBytes } from './record-parts.ts';
import { redactCall } from './redact-call.ts';
import { buildCallRows } from './span-rows.ts';

/** One insert's worth of a segment, and how many rows it has. */
export type SegmentLoad = LoadedSegment & { counts: { calls: number; spans: number; contents: number } };

/** What a segment turned out to be. A poison record could not be opened or makes no sense; the others were loaded. */
export type SegmentSummary = { end: SegmentEnd; poisonRecords: number };

export type SegmentLoadsOptions = {
  /** Of the spool. */
  key: Buffer;
  /** Of the digests (a key object, because bytes cost 25 µs at each use); the same for the life of the installation, or contents are stored again under new names. */
  contentKey: KeyObject;
  /** What takes private values out of the calls of a project. */
  redactorsOf: (projectId: string) => ProjectRedactors;
  priceOf: PriceOf;
  recent: RecentDigests;
  /** Of one load, all tables together. */
  loadBytesMax: number;
  memory: LoadMemory;
};

/** Before a load: its lines are made, and what is left to say is which contents are stored already. */
export const PREPARED = 'prepared';

/**
 * Turns a segment into loads, one at a time: asking for more after a load says that it is stored. Before each load it stops
 * once, so that the work of one segment can be done while the loads of another are on their way.
 *
 * A load's token names the segment and the first and last of its lines. Lines are numbered whether or not their content
 * is known to be stored, so the same token always stands for the same lines.
 */
export function* buildSegmentLoads(
  segment: { id: string; bytes: Buffer },
  options: SegmentLoadsOptions,
): Generator<SegmentLoad | typeof PREPARED, SegmentSummary, undefined> {
  let poisonRecords = 0;
  let first = 0;
  let lines: Line[] = [];
  let bytes = 0;
  const frames = readSegment({ ...segment, key: options.key });
  let step = frames.next();
  for (; !step.done; step = frames.next()) {
    for (const record of recordsOf(step.value)) {
      const rows = record === undefined ? undefined : readRows(record, options);
      if (rows === undefined) {
        poisonRecords += 1;
        continue;
      }
      for (const line of linesOf(rows)) {
        if (lines.length > 0 && bytes + line.bytes > options.loadBytesMax) {
          yield PREPARED;
          yield* storeLines({ id: segment.id, first, lines }, options);
          first += lines.length;
          lines = [];
          bytes = 0;
        }
        lines.push(line);
        bytes += line.bytes;
      }
    }
  }
  if (lines.length > 0) {
    yield PREPARED;
    yield* storeLines({ id: segment.id, first, lines }, options);
  }
  return { end: step.value, poisonRecords };
}

/** The records of a frame; one undefined when the frame makes no sense. */
function recordsOf({ plain }: ReadFrame): (Buffer[] | undefined)[] {
  if (plain === undefined) return [undefined];
  try {
    return readRecordBytes(plain);
  } catch {
    return [undefined];
  }
}

/** Undefined for a record that makes no sense. */
function readRows(parts: readonly Buffer[], options: SegmentLoadsOptions): RecordRows | undefined {
  try {
    const [head = Buffer.alloc(0), body = Buffer.alloc(0)] = parts;
    return readBatchRows(head.toString('utf8'), body, options) ?? readCallRows(parts, options);
  } catch {
    return undefined;
  }
}

function readCallRows(
  parts: readonly Buffer[],
  { contentKey, redactorsOf }: SegmentLoadsOptions,
): RecordRows {
  const recorded = readCall(parts.map((part) => part.toString('utf8')));
  const { projectId, endedAtMs, mustRedact } = recorded.head;
  const call = mustRedact === true ? redactCall(recorded, redactorsOf(projectId)) : recorded;
  const rows = buildCallRows(call, createDigestOf(contentKey, projectId));
  return { kind: 'call', rows, projectId, atMs: endedAtMs };
}

function readBatchRows(
  text: string,
  body: Buffer,
  { contentKey, priceOf }: SegmentLoadsOptions,
): RecordRows | undefined {
  const head = readBatchHead(text);
  if (head === undefined) return undefined;
  const batch = readBatch(head.batchSource, body, head);
  const digestOf = rememberShort(createDigestOf(contentKey, head.projectId));
  const deps = { digestOf, priceOf, shared: new Map() };
  const rows = buildBatchRows(batch, head, deps);
  return { kind: 'batch', rows, projectId: head.projectId, atMs: head.receivedAtMs };
}

/** What ends a list is the same few characters for every span of a batch. */
function rememberShort(digestOf: DigestOf): DigestOf {
  const known = new Map<string, string>();
  return (content) => {
    if (content.length > 8) return digestOf(content);
    const digest = known.get(content) ?? digestOf(content);
    known.set(content, digest);
    return digest;
  };
}

/** The project is part of what is hashed, so that equal contents of two projects cannot be seen to be equal. */
export function createDigestOf(contentKey: KeyObject, projectId: string): DigestOf {
  return (content) =>
    createHmac('sha256', contentKey).update(`${projectId}\0`).update(content).digest('base64url');
}

function* storeLines(
  load: { id: string; first: number; lines: Line[] },
  { recent, memory }: SegmentLoadsOptions,
): Generator<SegmentLoad, void, undefined> {
  const { id, first, lines } = load;
  const token = `${id}.${first}-${first + lines.length - 1}`;
  const counts = { calls: 0, spans: 0, contents: 0 };
  const tables = divideMemory(memory, lines);
  const fresh = new Map<string, { row: ContentRow; atMs: number }>();
  for (const line of lines) {
    if (line.table !== 'contents') {
      tables.put(line.table, withToken(line, token));
      if (line.table === 'spans') counts.spans += 1;
      if (line.isCall) counts.calls += 1;
      continue;
    }
    const { row, atMs } = line;
    const name = `${row.project_id}:${row.digest}`;
    if (fresh.has(name) || recent.has(row.project_id, row.digest, atMs)) continue;
    fresh.set(name, { row, atMs });
    tables.put('contents', writeLine(row));
    counts.contents += 1;
  }
  const received = RECEIVED_TABLES.filter((table) => tables.read(table).length > 0);
  yield {
    token,
    spans: tables.read('spans'),
    contents: tables.read('contents'),
    traceIndex: tables.read('traceIndex'),
    ...(received.length === 0
      ? {}
      : { received: Object.fromEntries(received.map((table) => [table, tables.read(table)])) }),
    counts,
  };
  for (const { row, atMs } of fresh.values()) recent.add(row.project_id, row.digest, atMs);
}

/** Tokens are names of segments and numbers: nothing in them has to be escaped. */
function withToken({ table, text }: { table: LineTable; text: string }, token: string): string {
  if (table === 'touched') return `{"token":"${token}",${text.slice(1)}`;
  return table === 'traceIndex' ? `{"first_token":"${token}","last_token":"${token}",${text.slice(1)}` : text;
}
