import { writeCache } from '../cache-mark.ts';
import type { AudioPart, FilePart, ImagePart, OpaquePart, TextPart } from '../call.ts';
import { writeDataUrl } from '../data-url.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Losses } from '../losses.ts';
import { opaquePath } from '../opaque-path.ts';
import type { Words } from '../words.ts';
import { ID } from './wire.ts';

/** `isOwn`: the caller speaks this dialect and knows what its provider takes. Losses are told in the caller's words. */
export type Writing = { losses: Losses; words: Words; isOwn: boolean };

export type ContentPart = TextPart | ImagePart | AudioPart | FilePart | OpaquePart;

/** One plain text is a string, anything else a list. */
export function writeContent(parts: readonly ContentPart[], writing: Writing): Json {
  const wire = parts.flatMap((part) => writePart(part, writing));
  const [first] = wire;
  if (first === undefined) return '';
  const isPlain = wire.length === 1 && first.type === 'text' && first.cache_control === undefined;
  return isPlain && typeof first.text === 'string' && first.text !== '' ? first.text : wire;
}

function writePart(part: ContentPart, writing: Writing): JsonObject[] {
  const wire = writeBare(part, writing);
  if (part.cache === undefined) return wire;
  if (!writing.isOwn) noteCache(part, writing);
  else if (part.kind !== 'opaque')
    return wire.map((one) => ({ ...one, cache_control: writeCache(part.cache ?? { lifetime: '5m' }) }));
  return wire;
}

function writeBare(part: ContentPart, writing: Writing): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image':
      return [writeImage(part)];
    case 'audio':
      return [{ type: 'input_audio', input_audio: { data: part.data, format: part.format } }];
    case 'file':
      return writeFile(part, writing);
    case 'opaque':
      return writeOpaque(part, writing);
  }
}

function writeImage({ source, detail }: ImagePart): JsonObject {
  const image: JsonObject = {
    url: source.kind === 'url' ? source.url : writeDataUrl(source.mediaType, source.data),
  };
  if (detail !== undefined) image.detail = detail;
  return { type: 'image_url', image_url: image };
}

/** The wire takes data; a URL in its place is OpenRouter's, and a plain text is text. */
function writeFile({ source, name }: FilePart, { losses, words, isOwn }: Writing): JsonObject[] {
  if (source.kind === 'text') {
    losses.add(words.file, 'changed');
    return [{ type: 'text', text: source.text }];
  }
  const mediaType = source.mediaType ?? '';
  if (mediaType.startsWith('image/')) return [writeImage({ kind: 'image', source: imageOf(source) })];
  const isTaken = source.kind === 'base64' && !/^(audio|video)\//.test(mediaType);
  if (!isTaken && !isOwn) {
    losses.add(words.file, 'unsupported');
    return [];
  }
  const data = source.kind === 'url' ? source.url : writeDataUrl(mediaType, source.data);
  const file: JsonObject = { file_data: data };
  // OpenAI wants a name beside data.
  if (name !== undefined) file.filename = name;
  else if (!isOwn) file.filename = mediaType === 'application/pdf' ? 'file.pdf' : 'file';
  return [{ type: 'file', file }];
}

function imageOf(source: Exclude<FilePart['source'], { kind: 'text' }>): ImagePart['source'] {
  return source.kind === 'url' ? { kind: 'url', url: source.url } : source;
}

function writeOpaque(part: OpaquePart, { losses }: Writing): JsonObject[] {
  const value = isObject(part.value) ? part.value : {};
  if (part.dialect === ID) return [value];
  losses.add(opaquePath(part), 'unsupported');
  return [];
}

export function noteCache(part: { cache?: object }, { losses, words }: Writing): void {
  if (part.cache !== undefined) losses.add(`messages[].content[].${words.cache}`, 'unsupported');
}
