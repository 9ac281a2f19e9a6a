import { StoreError } from '../error.ts';

/** The last call of a page: its start in nanoseconds since 1970, as decimal text, and its ids. */
export type TraceCursor = { startedNanos: string; traceId: string; spanId: string };

/** base64url of the three, joined by dots. */
export function writeTraceCursor(cursor: TraceCursor): string {
  return Buffer.from(`${cursor.startedNanos}.${cursor.traceId}.${cursor.spanId}`).toString('base64url');
}

/** Throws `invalid_cursor` for anything that `writeTraceCursor` did not write. */
export function parseTraceCursor(cursor: string): TraceCursor {
  const found = /^(\d{1,19})\.([\w-]{1,64})\.([\w-]{1,64})$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  );
  const [, startedNanos, traceId, spanId] = found ?? [];
  if (startedNanos === undefined || traceId === undefined || spanId === undefined) {
    throw new StoreError('invalid_cursor', 'The cursor is not one of this list.');
  }
  return { startedNanos, traceId, spanId };
}
