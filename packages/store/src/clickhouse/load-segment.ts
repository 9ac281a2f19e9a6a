import { createHash } from 'node:crypto';
import type { LoadSegment } from '@app/tracing';
import type { Clickhouse } from './open-clickhouse.ts';

/** The embedded engine holds an insert in memory as a whole. */
const insertBytesMax = 16 * 1024 * 1024;

/**
 * Inserts a segment. Contents and times come first, so that a span that can be read is complete. A repeat with the
 * same token, whole or after a failure half-way, adds nothing.
 */
export function createLoadSegment(clickhouse: Clickhouse): LoadSegment {
  const insert = async (
    table: 'spans' | 'contents' | 'trace_index',
    segment: LoadedSegment,
    ndjson: Buffer,
  ) => {
    let piece = 0;
    for (const rows of piecesOf(ndjson)) {
      await clickhouse.insert(table, { ndjson: rows, token: `${segment.token}-${table}-${piece}` });
      piece += 1;
    }
  };
  return async (segment) => {
    await insert('contents', segment, segment.contents);
    await insert('trace_index', segment, segment.traceIndex);
    await insert('spans', segment, segment.spans);
  };
}

/** Cuts NDJSON behind a line's end, always at the same places. A line longer than the bound stays whole. */
export function* piecesOf(ndjson: Buffer, bytesMax = insertBytesMax): Generator<Buffer> {
  let from = 0;
  while (from < ndjson.length) {
    const to = ndjson.length - from <= bytesMax ? ndjson.length : endOfLine(ndjson, from, bytesMax);
    yield ndjson.subarray(from, to);
    from = to;
  }
}

function endOfLine(ndjson: Buffer, from: number, bytesMax: number): number {
  const before = ndjson.lastIndexOf(10, from + bytesMax - 1);
  if (before >= from) return before + 1;
  const after = ndjson.indexOf(10, from);
  return after === -1 ? ndjson.length : after + 1;
}
