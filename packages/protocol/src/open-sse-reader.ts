import type { Frame } from './dialect.ts';
import { GatewayError } from './error.ts';

export type SseReader = {
  /** The frames that these bytes complete. Throws `provider_bad_response` when one grows past the bound. */
  read(bytes: Uint8Array): Frame[];
  /** What the stream left without its blank line. Such a frame has no `bytes` of its own. */
  end(): Frame[];
};

const FRAME_BYTES_MAX = 16 * 1024 * 1024;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const NOTHING: Buffer = Buffer.from(new ArrayBuffer(0));

/**
 * Splits a stream of bytes into server-sent events, wherever it was cut: inside a line end, a character or a field.
 * Line ends may be LF, CRLF or CR; comments and unknown fields are skipped; a frame without data is none.
 * Source: the HTML standard, "Server-sent events", "Parsing an event stream".
 */
export function openSseReader({ frameBytesMax = FRAME_BYTES_MAX } = {}): SseReader {
  // Bytes of the frame that is not complete yet. Complete frames are cut straight out of the chunk, without a copy.
  let rest: Buffer = NOTHING;
  let isFirst = true;
  const progress: Progress = { lineStart: 0, event: undefined, data: undefined };

  function read(bytes: Uint8Array): Frame[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let buffer = chunk;
    if (rest.length > 0) {
      if (!canEndLine(chunk, rest)) {
        rest = append(rest, chunk, frameBytesMax);
        return [];
      }
      buffer = append(rest, chunk, Number.POSITIVE_INFINITY);
    }
    if (isFirst) {
      if (buffer.length < 3) {
        rest = keep(buffer, 0, buffer);
        return [];
      }
      isFirst = false;
      buffer = withoutByteOrderMark(buffer);
    }
    const frames: Frame[] = [];
    const used = splitFrames(buffer, progress, frames);
    rest = keep(buffer, used, chunk);
    if (rest.length > frameBytesMax) throw tooLarge(frameBytesMax);
    return frames;
  }

  function end(): Frame[] {
    const frames: Frame[] = [];
    if (rest.length > 0) splitFrames(Buffer.concat([rest, Buffer.from('\n\n')]), progress, frames);
    rest = NOTHING;
    return frames.map(({ bytes: _, ...frame }) => frame);
  }

  return { read, end };
}

/** A chunk without a line end cannot complete a frame, unless a CR at the end of what came before still waits. */
function canEndLine(chunk: Buffer, rest: Buffer): boolean {
  return chunk.includes(LF) || chunk.includes(CR) || rest[rest.length - 1] === CR;
}

/** Grows by doubling, so that a large frame in small pieces is not copied once per piece. */
function append(rest: Buffer, chunk: Buffer, bytesMax: number): Buffer {
  const length = rest.length + chunk.length;
  if (length > bytesMax) throw tooLarge(bytesMax);
  const room = rest.buffer.byteLength - rest.byteOffset;
  if (room >= length) {
    const grown = Buffer.from(rest.buffer, rest.byteOffset, length);
    grown.set(chunk, rest.length);
    return grown;
  }
  const grown = Buffer.from(new ArrayBuffer(Math.max(1024, length * 2)), 0, length);
  grown.set(rest, 0);
  grown.set(chunk, rest.length);
  return grown;
}

/** The unused tail in memory of our own, because the chunk belongs to the socket and `append` writes behind it. */
function keep(buffer: Buffer, used: number, chunk: Buffer): Buffer {
  if (used === 0 && buffer !== chunk && buffer.byteOffset === 0) return buffer;
  if (used === buffer.length) return NOTHING;
  const tail = buffer.subarray(used);
  const own = Buffer.from(new ArrayBuffer(Math.max(1024, tail.length * 2)));
  own.set(tail, 0);
  return own.subarray(0, tail.length);
}

/** How far the incomplete frame was read: nothing of it is looked at twice. `lineStart` counts from the frame's start. */
type Progress = { lineStart: number; event: string | undefined; data: string | undefined };

/** Adds every complete frame to `frames` and gives the number of bytes they took. */
function splitFrames(buffer: Buffer, progress: Progress, frames: Frame[]): number {
  let frameStart = 0;
  let lineStart = progress.lineStart;
  let nextCr = buffer.indexOf(CR, lineStart);
  for (;;) {
    const lf = buffer.indexOf(LF, lineStart);
    if (nextCr !== -1 && nextCr < lineStart) nextCr = buffer.indexOf(CR, lineStart);
    const hasCr = nextCr !== -1 && (lf === -1 || nextCr < lf);
    const lineEnd = hasCr ? nextCr : lf;
    // A CR at the very end may be half a CRLF, so it waits for the next byte.
    if (lineEnd === -1 || (hasCr && lineEnd + 1 === buffer.length)) {
      progress.lineStart = lineStart - frameStart;
      return frameStart;
    }
    const next = lineEnd + (lf === lineEnd + 1 ? 2 : 1);
    if (lineEnd > lineStart) {
      readLine(buffer.subarray(lineStart, next), lineEnd - lineStart, progress);
    } else {
      const { event, data } = progress;
      if (data !== undefined) frames.push(frameOf(event, data, buffer.subarray(frameStart, next)));
      frameStart = next;
      progress.event = undefined;
      progress.data = undefined;
    }
    lineStart = next;
  }
}

/** `line` includes its line end; `length` does not count it. */
function readLine(line: Buffer, length: number, progress: Progress): void {
  if (isField(line, 'data')) {
    const text = fieldValue(line, 4, length);
    progress.data = progress.data === undefined ? text : `${progress.data}\n${text}`;
  } else if (isField(line, 'event')) {
    progress.event = fieldValue(line, 5, length);
  }
}

function frameOf(event: string | undefined, data: string, bytes: Uint8Array): Frame {
  return event === undefined ? { data, bytes } : { event, data, bytes };
}

/** True when the line has this field name, followed by a colon or the line's end. */
function isField(line: Buffer, name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (line[at] !== name.charCodeAt(at)) return false;
  }
  const after = line[name.length];
  return after === COLON || after === LF || after === CR;
}

/** The field's value: what follows the colon, less one space. `colon` is the line's end when there is no colon. */
function fieldValue(line: Buffer, colon: number, length: number): string {
  if (colon >= length) return '';
  return line.toString('utf8', line[colon + 1] === SPACE ? colon + 2 : colon + 1, length);
}

function withoutByteOrderMark(buffer: Buffer): Buffer {
  return buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? buffer.subarray(3) : buffer;
}

function tooLarge(bytesMax: number): GatewayError {
  return new GatewayError(
    'provider_bad_response',
    `The provider sent a stream event over ${bytesMax} bytes.`,
  );
}
