import { crc32 } from 'node:zlib';
import {
  type Frame,
  GatewayError,
  isObject,
  type JsonObject,
  parseJson,
  type SseReader,
} from '@app/protocol';
import { writeException } from './aws-exception.ts';

const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
/** AWS allows 128 KB of headers in a message. */
const HEADERS_BYTES_MAX = 131_072;
const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;

/**
 * Splits a stream in AWS's binary framing into frames, wherever it was cut. A frame is an event's type and its payload.
 * Both checksums of a message are checked. What a model's own stream is wrapped in (`chunk`) is unwrapped, so that its
 * frames are that model's own events; exceptions become frames that every reader takes for an error.
 * Source: AWS, "Event stream encoding"; the Bedrock API reference, `InvokeModelWithResponseStream`.
 */
export function openAwsEventStream({ messageBytesMax = MESSAGE_BYTES_MAX } = {}): SseReader {
  // The bytes of the message that is not complete yet, in memory of our own: a chunk belongs to the socket.
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = PRELUDE_BYTES;
  let damage: GatewayError | undefined;

  function read(bytes: Uint8Array): Frame[] {
    if (damage !== undefined) throw damage;
    held += bytes.length;
    if (held < needed) {
      pieces.push(Buffer.from(bytes));
      return [];
    }
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = pieces.length === 0 ? chunk : Buffer.concat([...pieces, chunk], held);
    const cut = cutMessages(buffer, messageBytesMax);
    damage = cut.damage;
    // Frames before the damage are good; who reads on hears of it.
    if (damage !== undefined && cut.frames.length === 0) throw damage;
    needed = cut.needed;
    held = buffer.length - cut.used;
    pieces = held === 0 ? [] : [Buffer.from(buffer.subarray(cut.used))];
    return cut.frames;
  }

  // A message that was cut is no frame; the reader notices that the reply has no end.
  return { read, end: () => [] };
}

type Cut = { frames: Frame[]; used: number; needed: number; damage: GatewayError | undefined };

function cutMessages(buffer: Buffer, messageBytesMax: number): Cut {
  const cut: Cut = { frames: [], used: 0, needed: PRELUDE_BYTES, damage: undefined };
  while (buffer.length - cut.used >= PRELUDE_BYTES) {
    const at = cut.used;
    const total = buffer.readUInt32BE(at);
    const headers = buffer.readUInt32BE(at + 4);
    cut.damage = preludeDamage(buffer.subarray(at, at + PRELUDE_BYTES), messageBytesMax);
    if (cut.damage !== undefined) return cut;
    if (buffer.length - at < total) {
      cut.needed = total;
      return cut;
    }
    const message = buffer.subarray(at, at + total);
    if (crc32(message.subarray(0, total - CRC_BYTES)) !== message.readUInt32BE(total - CRC_BYTES)) {
      cut.damage = damaged('with a wrong checksum');
      return cut;
    }
    const frame = frameOf(message, PRELUDE_BYTES + headers);
    if (frame !== undefined) cut.frames.push(frame);
    cut.used += total;
  }
  return cut;
}

function preludeDamage(prelude: Buffer, messageBytesMax: number): GatewayError | undefined {
  if (crc32(prelude.subarray(0, 8)) !== prelude.readUInt32BE(8)) return damaged('with a wrong checksum');
  const total = prelude.readUInt32BE(0);
  const headers = prelude.readUInt32BE(4);
  if (total > messageBytesMax) return damaged(`over ${messageBytesMax} bytes`);
  const isPossible =
    headers <= HEADERS_BYTES_MAX && total >= PRELUDE_BYTES + headers + CRC_BYTES && total >= 16;
  return isPossible ? undefined : damaged('with lengths that contradict each other');
}

function damaged(how: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider sent a stream message ${how}.`);
}

function frameOf(message: Buffer, payloadStart: number): Frame | undefined {
  const headers = readHeaders(message.subarray(PRELUDE_BYTES, payloadStart));
  const payload = message.toString('utf8', payloadStart, message.length - CRC_BYTES);
  switch (headers.get(':message-type')) {
    case 'exception':
      return writeException(headers.get(':exception-type') ?? '', messageOf(payload));
    case 'error':
      return writeException(headers.get(':error-code') ?? '', headers.get(':error-message'));
    default: {
      const event = headers.get(':event-type');
      if (event === undefined) return undefined;
      return event === 'chunk' ? unwrap(payload) : { event, data: payload };
    }
  }
}

function messageOf(payload: string): string | undefined {
  const body = parseJson(payload);
  if (!isObject(body)) return undefined;
  const text = body.message ?? body.Message;
  return typeof text === 'string' ? text : undefined;
}

/** `{"bytes": "<base64 of the model's own event>"}`; beside it stands padding that hides the length. */
function unwrap(payload: string): Frame | undefined {
  const body = parseJson(payload);
  if (!isObject(body) || typeof body.bytes !== 'string') return undefined;
  const data = Buffer.from(body.bytes, 'base64').toString('utf8');
  const event = typeOf(data);
  return event === undefined ? { data } : { event, data };
}

const TYPE_FIRST = /^\{"type":"([a-z_]{1,64})"/;

function typeOf(data: string): string | undefined {
  const first = TYPE_FIRST.exec(data)?.[1];
  if (first !== undefined) return first;
  const body: JsonObject = readObject(data);
  return typeof body.type === 'string' ? body.type : undefined;
}

function readObject(data: string): JsonObject {
  const body = parseJson(data);
  return isObject(body) ? body : {};
}

/** The sizes of header values by type; a text (7) and bytes (6) say their own. */
const FIXED_SIZES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const STRING = 7;

/** The headers that are texts. A header that cannot be read ends the list: what matters comes first, or not at all. */
function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd];
    if (type === undefined || type >= FIXED_SIZES.length) return headers;
    const fixed = FIXED_SIZES[type];
    if (fixed === undefined && nameEnd + 3 > bytes.length) return headers;
    const start = fixed === undefined ? nameEnd + 3 : nameEnd + 1;
    const end = start + (fixed ?? bytes.readUInt16BE(nameEnd + 1));
    if (end > bytes.length) return headers;
    if (type === STRING) {
      headers.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', start, end));
    }
    at = end;
  }
  return headers;
}
