/** The bytes of a message that is being read: a stretch of the body, and how far it was read. */
export type ProtobufCursor = { bytes: Buffer; at: number; end: number };

/** The bytes are not protobuf. Never leaves the readers. */
export class ProtobufError extends Error {
  override name = 'ProtobufError';
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const FIXED32 = 5;

/** The next field's number and wire type; false at the end of the message. Source: protobuf.dev, Encoding. */
export function nextField(cursor: ProtobufCursor): { field: number; wire: number } | undefined {
  if (cursor.at >= cursor.end) return undefined;
  const tag = readVarint(cursor);
  const field = Math.floor(tag / 8);
  if (field < 1 || field > 0x1fffffff) throw new ProtobufError('A field has no number.');
  return { field, wire: tag % 8 };
}

/** Up to 64 bits as a number, which is exact up to 2^53. */
export function readVarint(cursor: ProtobufCursor): number {
  const { low, high } = readLongVarint(cursor);
  return high * 4294967296 + low;
}

/** 64 bits as two halves without sign. */
export function readLongVarint(cursor: ProtobufCursor): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (cursor.at >= cursor.end) throw new ProtobufError('A number ends too early.');
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >>> 4;
    } else if (shift < 63) high |= bits << (shift - 32);
    else high |= (bits & 1) << 31;
    if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
  }
  throw new ProtobufError('A number is longer than 64 bits.');
}

/** 8 bytes, least first. */
export function readFixed64(cursor: ProtobufCursor): { low: number; high: number } {
  const at = advance(cursor, 8);
  return { low: cursor.bytes.readUInt32LE(at), high: cursor.bytes.readUInt32LE(at + 4) };
}

export function readDouble(cursor: ProtobufCursor): number {
  return cursor.bytes.readDoubleLE(advance(cursor, 8));
}

/** A message, text or bytes within this one. */
export function readInner(cursor: ProtobufCursor): ProtobufCursor {
  const length = readVarint(cursor);
  const at = advance(cursor, length);
  return { bytes: cursor.bytes, at, end: at + length };
}

export function readText(cursor: ProtobufCursor): string {
  const { bytes, at, end } = readInner(cursor);
  return bytes.toString('utf8', at, end);
}

export function readEncoded(cursor: ProtobufCursor, encoding: 'hex' | 'base64'): string {
  const { bytes, at, end } = readInner(cursor);
  return bytes.toString(encoding, at, end);
}

/** Steps over a field that is not known. Groups, which are long gone from protobuf, are not. */
export function skipField(cursor: ProtobufCursor, wire: number): void {
  if (wire === VARINT) readLongVarint(cursor);
  else if (wire === FIXED64) advance(cursor, 8);
  else if (wire === LENGTH) readInner(cursor);
  else if (wire === FIXED32) advance(cursor, 4);
  else throw new ProtobufError('A field is of no known kind.');
}

function advance(cursor: ProtobufCursor, bytes: number): number {
  const { at } = cursor;
  if (bytes > cursor.end - at) throw new ProtobufError('A field ends too early.');
  cursor.at = at + bytes;
  return at;
}
