import type { MediaPart, OpaquePart } from '../call.ts';
import { parseDataUrl } from '../data-url.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { ID } from './wire.ts';

/** An entry of OpenRouter's `images`; one that holds no data of its own is opaque. */
export function readImage(entry: Json): MediaPart | OpaquePart {
  const image = isObject(entry) && isObject(entry.image_url) ? entry.image_url : {};
  const inline = typeof image.url === 'string' ? parseDataUrl(image.url) : undefined;
  if (inline !== undefined) return { kind: 'media', ...inline };
  return { kind: 'opaque', dialect: ID, value: { images: [entry] } };
}

export function writeImage({ mediaType, data }: MediaPart): JsonObject {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` } };
}

/** A message's `audio`. In a call the wire has nothing but its id. */
export function readAudio(wire: JsonObject): MediaPart {
  const { id, data, transcript } = wire;
  const text = typeof data === 'string' ? data : '';
  const part: MediaPart = { kind: 'media', mediaType: soundOf(text), data: text };
  if (typeof id === 'string' && id !== '') part.id = id;
  if (typeof transcript === 'string') part.transcript = transcript;
  return part;
}

/** `expires_at` is when the provider forgets the sound: nobody keeps it here, so it is when the reply was made. */
export function writeAudio({ id, data, transcript }: MediaPart, createdS: number): JsonObject {
  return { id: id ?? '', expires_at: createdS, data, transcript: transcript ?? '' };
}

export function isAudio({ mediaType }: MediaPart): boolean {
  return mediaType.startsWith('audio/');
}

/** How the base64 of a sound begins. The wire does not say which format came, and raw samples begin with anything. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^UklGR/, 'audio/wav'],
  [/^ZkxhQ/, 'audio/flac'],
  [/^T2dnU/, 'audio/ogg'],
  [/^(SUQz|\/\/[M-Ps-v])/, 'audio/mpeg'],
  [/^\/\/[E-Hk-n]/, 'audio/aac'],
];

function soundOf(data: string): string {
  return SOUNDS.find(([head]) => head.test(data))?.[1] ?? 'audio/pcm';
}

/** A sound whose pieces come one by one. Each piece is base64 of its own, which may end in padding. */
export type AudioPieces = { id: string; transcript: string | undefined; data: string[] };

export function gatherAudio(pieces: AudioPieces, { id, transcript, data }: JsonObject): void {
  if (typeof id === 'string' && id !== '') pieces.id = id;
  if (typeof transcript === 'string') pieces.transcript = (pieces.transcript ?? '') + transcript;
  if (typeof data === 'string' && data !== '') pieces.data.push(data);
}

export function joinAudio({ id, transcript, data }: AudioPieces): MediaPart {
  const wire: JsonObject = { id, data: joinBase64(data) };
  if (transcript !== undefined) wire.transcript = transcript;
  return readAudio(wire);
}

function joinBase64(pieces: readonly string[]): string {
  if (!pieces.slice(0, -1).some((piece) => piece.endsWith('='))) return pieces.join('');
  try {
    return btoa(pieces.map(atob).join(''));
  } catch {
    return pieces.join('');
  }
}
